export {
  type Changed,
  type ChangerInput,
  ConfChangeError,
  enterJoint,
  leaveJoint,
  simpleChange,
} from "./changer.ts";
export { restoreConfig } from "./restore.ts";
