import type { Attachment } from "../db/schema.ts";
import { fileSize } from "./format.tsx";
import { Icon } from "./layout.tsx";

/** The files of a message. Their addresses are relative to the chat's own, which a stream does not know. */
export const MessageFiles = ({ files }: { files: Attachment[] }) => (
  <ul class="message-files">
    {files.map((file) => (
      <li>
        <a href={`chat/files/${file.id}`} download={file.name}>
          {file.width === undefined ? <Icon name="file-text" /> : <Picture {...file} />}
          <bdi>{file.name}</bdi>
          <span class="hint">{kinds[file.type] ?? "File"}, {fileSize(file.size)}</span>
        </a>
      </li>
    ))}
  </ul>
);

const kinds: Record<string, string> = {
  "application/pdf": "PDF",
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "image/webp": "WebP",
  "image/gif": "GIF",
  "text/plain": "Text",
};

/** Its size is known before its bytes are here, so that nothing below it moves. The name beside it names it. */
const Picture = ({ id, width, height }: Attachment) => (
  <img
    src={`chat/files/${id}?inline`}
    alt=""
    {...{ width, height }}
    loading="lazy"
    decoding="async"
  />
);
