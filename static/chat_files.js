// Files: chosen, dropped or pasted, they wait in the composer and go with its next message. This page alone has
// them: of what a reload finds unsent the text is kept, and the files have to be chosen again.
const filesOf = new Map();
const MOST_FILES = 5;
const MAX_FILE = 10 * 1024 * 1024;

const composerSays = (sentence) => {
  const notice = Object.assign(document.createElement("div"), { className: "alert bad" });
  notice.role = "alert";
  notice.textContent = sentence;
  byId("composer-problem").replaceChildren(...(sentence ? [notice] : []));
};
const whyNot = (files) => {
  if (files.length > MOST_FILES) return "Send at most five files with one message.";
  const large = files.find(({ size }) => size > MAX_FILE);
  return large && `${large.name}: This file is larger than 10 MB. Send a smaller copy of it.`;
};
const fileField = () => document.querySelector(".composer [name=file]");
const sizeOf = (bytes) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
const chosenLine = ({ name, size }) => {
  const line = byId("chosen-file").content.firstElementChild.cloneNode(true);
  line.querySelector("bdi").textContent = name;
  line.querySelector(".hint").textContent = sizeOf(size);
  return line;
};
let chosen = [...fileField()?.files ?? []];
const showChosen = () => byId("chosen")?.replaceChildren(...chosen.map(chosenLine));
showChosen();
// What cannot go along leaves what was chosen before as it is.
const choose = (files) => {
  const problem = whyNot(files);
  composerSays(problem);
  if (!problem) chosen = files;
  const data = new DataTransfer();
  chosen.forEach((file) => data.items.add(file));
  fileField().files = data.files;
  showChosen();
};
const take = () => {
  const files = chosen;
  choose([]);
  return files;
};

// Only this way of sending tells how far it is.
const send = ({ base, id, text }) =>
  new Promise((resolve) => {
    const body = new FormData();
    body.set("body", text);
    body.set("client_id", id);
    filesOf.get(id).forEach((file) => body.append("file", file));
    const request = new XMLHttpRequest();
    const progress = lineOf({ id })?.querySelector("progress");
    request.upload.onprogress = ({ loaded, total }) => {
      if (progress) Object.assign(progress, { hidden: false, value: loaded / total });
    };
    request.onloadend = () => {
      if (progress) progress.hidden = true;
      const { status, responseText } = request;
      resolve(status ? new Response(responseText || null, { status }) : undefined);
    };
    request.open("POST", `${base}/messages`);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("HX-Request", "true");
    request.send(body);
  });

on("change", ({ target }) => target === fileField() && choose([...chosen, ...target.files]));
on("click", ({ target }) => {
  const line = target.closest("#chosen button")?.closest("li");
  if (!line) return;
  const at = [...byId("chosen").children].indexOf(line);
  choose(chosen.toSpliced(at, 1));
  byId("body").focus();
});
const addFiles = (event, data) => {
  if (!fileField() || !data?.files.length) return;
  event.preventDefault();
  choose([...chosen, ...data.files]);
};
on("paste", (event) => {
  if (event.target.matches?.(".composer textarea")) addFiles(event, event.clipboardData);
});
const dropping = (event) => {
  const place = event.target.closest?.("#chat");
  if (!place || !fileField() || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  place.classList.toggle("dropping", event.type === "dragover");
};
["dragover", "dragleave", "drop"].forEach((name) => on(name, dropping));
on("drop", (event) => event.target.closest?.("#chat") && addFiles(event, event.dataTransfer));

// What was lost goes back to where it was written, with the place to choose its files again.
const chooseAgain = ({ text }) => {
  const field = byId("body");
  field.value = [text, field.value].filter(Boolean).join("\n");
  composerSays("Choose the files again, then send. Your text is here.");
  fileField().focus();
};

// What sending needs of them.
globalThis.attached = {
  of: filesOf,
  lost: "Not sent: this page was loaded again, and the files are gone from it. Choose them again.",
  isLost: ({ id, files }) => Boolean(files) && !filesOf.has(id),
  ...{ take, send, chooseAgain },
};
