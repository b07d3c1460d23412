/** What a line of the trace port holds, as far as the simulator looks at it. */
export interface TraceEvent {
  readonly name: string;
  readonly nid: string;
  readonly state: { readonly term: number; readonly vote: string; readonly commit: number };
  readonly role: string;
  readonly log: number;
  readonly conf: readonly (readonly string[])[];
  readonly msg?: TraceMessage;
}

export interface TraceMessage {
  readonly type: string;
  readonly term: number;
  readonly from: string;
  readonly to: string;
  readonly index: number;
  readonly reject: boolean;
}

export function readTraceLine(line: string): TraceEvent {
  return (JSON.parse(line) as { event: TraceEvent }).event;
}
