/** Methods of Buffer that Node has and documents nowhere; codecs call them because they skip the checks. */
interface Buffer {
  utf8Write(text: string, offset: number, length?: number): number;
  utf8Slice(start: number, end: number): string;
}
