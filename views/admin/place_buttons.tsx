import { Hidden, inPlace } from "../form.tsx";
import { Icon } from "../layout.tsx";

type Named = { slug: string; name: string };
type Props = {
  /** The rows in their order, and which of them this is. */
  all: Named[];
  at: number;
  /** The address of the list, and the id of the panel that shows it. */
  path: string;
  panel: string;
};

/** One step up and one down: buttons that keep their place under the finger and in the focus. */
export function PlaceButtons(props: Props) {
  const { all, at } = props;
  return (
    <div class="places">
      <Step {...props} way="up" before={all[at - 1]?.slug} stays={at === 0} />
      <Step {...props} way="down" before={all[at + 2]?.slug} stays={at === all.length - 1} />
    </div>
  );
}

type StepProps = Props & { way: "up" | "down"; before?: string; stays: boolean };

function Step({ all, at, path, panel, way, before = "", stays }: StepProps) {
  const { slug = "", name = "" } = all[at] ?? {};
  const url = `${path}/${slug}/place`;
  return (
    <form method="post" action={url} {...inPlace(url, panel)}>
      <Hidden name="before" value={stays ? slug : before} />
      <button
        type="submit"
        class="quiet place"
        id={`${slug}-${way}`}
        aria-label={`Move ${name} ${way}`}
        aria-disabled={stays ? "true" : undefined}
      >
        <Icon name={`chevron-${way}`} />
      </button>
    </form>
  );
}
