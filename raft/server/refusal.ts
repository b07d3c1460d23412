/** Why a node does not start: the process ends with exit code 1 and says this as its last line. */
export class StartRefused extends Error {
  override readonly name = "StartRefused";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
