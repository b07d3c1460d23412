/**
 * Cases of an outside program, in its own bytes: made from its description like those of a release,
 * but of messages only that some release has too, and without bytes from the future. A case that
 * the program cannot write stays in the list without bytes, so that it becomes a broken cell.
 */
import { toHex } from "../../codecs/index.ts";
import { casesOf } from "../cases/cases.ts";
import type { GoldenFile, GoldenRecord } from "../cases/golden.ts";
import { messageOf, type Participant } from "../cells/matrix.ts";
import type { HostPool } from "../host-request.ts";

/** The participant with its golden cases; with none when it has no message in common with any release. */
export async function withOutsideGolden(
  outside: Participant,
  releases: readonly Participant[],
  pool: HostPool,
): Promise<Participant> {
  const golden: GoldenFile[] = [];
  for (const view of outside.views.values()) {
    const { version } = view;
    const shared = view.roots.filter(({ name }) =>
      releases.some((release) => messageOf(release, version, name) !== undefined),
    );
    for (const message of shared) {
      const cases = casesOf(message, view);
      const outcomes = await pool.ask(
        outside.name,
        cases.map(({ value }) => ({
          ask: "encode" as const,
          message: message.name,
          version,
          value,
        })),
      );
      const records = cases.map((one, place): GoldenRecord => {
        const outcome = outcomes[place];
        const isWritten = outcome?.ok && outcome.value.ok;
        return { ...one, hex: isWritten ? toHex(outcome.value.bytes) : "" };
      });
      golden.push({ version, message: message.name, records });
    }
  }
  return { ...outside, golden };
}
