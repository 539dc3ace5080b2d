import { moment, relative } from "./format";

/** "3 minutes ago", with the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  return (
    <time dateTime={at} title={moment(at)}>
      {relative(at)}
    </time>
  );
}
