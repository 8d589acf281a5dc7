/** A picture of a page, in both schemes, by the address of each; the light one's size stands for both. */
export type Shot = { light: string; dark: string; width: number; height: number };
export type Shots = Map<string, Shot>;

type PictureProps = { shots: Shots; of: string; alt: string };

/** What the reader will see, drawn in the scheme they read in. Throws where there is no such picture. */
export function Picture({ shots, of, alt }: PictureProps) {
  const shot = shots.get(of);
  if (!shot) throw new Error(`no picture of ${of} in static/help`);
  const { light, dark, width, height } = shot;
  return (
    <picture class="shot">
      <source srcset={dark} media="(prefers-color-scheme: dark)" />
      <img src={light} {...{ alt, width, height }} loading="lazy" />
    </picture>
  );
}
