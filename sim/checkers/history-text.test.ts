import { expect, test } from "vitest";
import { HistoryTextError, readKeyValueHistory } from "./history-text.ts";

const INVOKE = '{:process 1, :type :invoke, :f :put, :key "k", :value "v"}';

test("readKeyValueHistory() pairs calls with returns by process", () => {
  const text = [
    INVOKE,
    '{:process 2, :type :invoke, :f :get, :key "k", :value nil}',
    '{:process 2, :type :ok, :f :get, :key "k", :value "v \\"quoted\\""}',
    '{:process 1, :type :ok, :f :put, :key "k", :value "v"}',
    "",
  ].join("\n");
  expect(readKeyValueHistory(text)).toEqual([
    {
      client: 1,
      input: { key: "k", kind: "put", value: "v" },
      calledAt: 1,
      outcome: { at: 4, output: {} },
    },
    {
      client: 2,
      input: { key: "k", kind: "get" },
      calledAt: 2,
      outcome: { at: 3, output: { value: 'v "quoted"' } },
    },
  ]);
});

test.for([
  { type: "info", known: "unknown", why: "the client gave up" },
  { type: "fail", known: "absent", why: "it is certain that nothing happened" },
  { type: undefined, known: "unknown", why: "the file ends before the return" },
  { type: "invoke", known: "unknown", why: "the process was restarted" },
])("a call followed by $type is $known: $why", ({ type, known }) => {
  const lines = [INVOKE, ...(type ? [INVOKE.replace("invoke", type)] : [])];
  const [first] = readKeyValueHistory(lines.join("\n"));
  expect(first === undefined ? "absent" : first.outcome ? "known" : "unknown").toBe(known);
});

test("lines of a nemesis, empty lines and comments are no operations; order of fields is free", () => {
  const lines = [
    "; comment",
    "",
    "{:process :nemesis, :type :info, :f :start}",
    "{:value 5 :key 7 :f :append :type :invoke :process 0}",
  ];
  expect(readKeyValueHistory(lines.join("\n"))).toEqual([
    { client: 0, input: { key: "7", kind: "append", value: "5" }, calledAt: 4 },
  ]);
});

test.for([
  { line: '{:process 1, :type :ok, :f :put, :key "k", :value "v"}', why: "return without call" },
  { line: '{:process 1, :type :maybe, :f :put, :key "k", :value "v"}', why: "unknown type" },
  { line: '{:process 1, :type :invoke, :f :jump, :key "k"}', why: "unknown call" },
  { line: '{:process 1, :type :invoke, :f :put, :value "v"}', why: "no key" },
  { line: '{:process 1, :type :invoke, :f :put, :key "k", :value nil}', why: "nothing to write" },
  { line: '{:process 1, :process 2, :type :invoke, :f :get, :key "k"}', why: "repeated field" },
  { line: "{:process 1, :type :invoke", why: "cut in the middle" },
  { line: "{:process 1, :type", why: "key without value" },
  { line: "[:process 1]", why: "no map" },
  { line: "INFO  jepsen.util - 0 :invoke :read nil", why: "another format" },
  { line: `${INVOKE} x`, why: "something follows" },
  { line: '{:process 1, :key "k', why: "unfinished text" },
])("readKeyValueHistory() refuses with the line: $why", ({ line }) => {
  expect(() => readKeyValueHistory(`; first\n${line}`)).toThrow(HistoryTextError);
  expect(() => readKeyValueHistory(`; first\n${line}`)).toThrow(/Cannot read line 2: /);
});

test("readKeyValueHistory() throws nothing else, wherever a line is cut", () => {
  for (let end = 1; end < INVOKE.length; end++) {
    expect(() => readKeyValueHistory(INVOKE.slice(0, end))).toThrow(HistoryTextError);
  }
});
