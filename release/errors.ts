/** The user asked for something that cannot be done as it stands; the text says what would allow it. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  readonly code:
    | "UnknownRelease"
    | "ReleaseExists"
    | "InvalidName"
    | "SourceNotCommitted"
    | "DamagedRelease"
    | "DefectiveBundle";

  constructor(code: ReleaseError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
