export type { WindowOperation } from "./excerpt.ts";
export { HistoryError, type Model, type Operation, type State } from "./history.ts";
export { HistoryTextError, readKeyValueHistory } from "./history-text.ts";
export {
  type KeyValueInput,
  type KeyValueModel,
  type KeyValueOutput,
  keyValueModel,
} from "./key-value.ts";
export { type Budget, checkLinearizable, type LinearizableVerdict } from "./linearizable.ts";
export { type Violation, violationPage } from "./picture.ts";
