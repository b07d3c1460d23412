/** The metrics as a scraper sees them, read by the text format and not by our writer. */
import { expect, test } from "vitest";
import { Metrics } from "./metrics.ts";
import { readExposition } from "./testing/exposition.ts";

test("counters of the replica appear under their own names and labels", async () => {
  const metrics = new Metrics();
  const refused = { kind: "count", name: "wirespan_frames_refused_total" } as const;
  metrics.count({ ...refused, labels: { reason: "foreign_cluster" } });
  metrics.count({ ...refused, labels: { reason: "foreign_cluster" } });
  metrics.count({ ...refused, labels: { reason: "bad_magic" }, by: 3 });
  metrics.count({ kind: "count", name: "wirespan_elections_total" });
  const samples = readExposition(await metrics.text());
  expect(samples.get('wirespan_frames_refused_total{reason="foreign_cluster"}')).toBe(2);
  expect(samples.get('wirespan_frames_refused_total{reason="bad_magic"}')).toBe(3);
  expect(samples.get("wirespan_elections_total")).toBe(1);
});

test("what contradicts the first event is counted as misuse and never thrown", async () => {
  const metrics = new Metrics();
  metrics.count({ kind: "count", name: "a_total", labels: { reason: "x" } });
  metrics.count({ kind: "count", name: "a_total", labels: { other: "x" } });
  metrics.count({ kind: "count", name: "a_total", labels: { reason: "x" }, by: -1 });
  metrics.count({ kind: "count", name: "not a name" });
  const samples = readExposition(await metrics.text());
  expect(samples.get('wirespan_metrics_misused_total{name="a_total"}')).toBe(2);
  expect(samples.get('a_total{reason="x"}')).toBe(1);
});

test("labels that come from strangers can break neither the text nor the memory", async () => {
  const metrics = new Metrics();
  const reason = `"\\\n${"x".repeat(10_000)}`;
  metrics.count({ kind: "count", name: "a_total", labels: { reason } });
  const text = await metrics.text();
  readExposition(text);
  expect(text.length).toBeLessThan(10_000);
});

test("bytes, failures and syncs of the server are counted", async () => {
  const metrics = new Metrics();
  metrics.countBytes("received", "peer", 100);
  metrics.countFailure({ side: "peer", address: "x:1", reason: "timeout", text: "" });
  metrics.observeSync(3);
  const samples = readExposition(await metrics.text());
  expect(samples.get('wirespan_link_bytes_total{direction="received",side="peer"}')).toBe(100);
  expect(samples.get('wirespan_link_failures_total{side="peer",reason="timeout"}')).toBe(1);
  expect(samples.get('wirespan_disk_sync_seconds_bucket{le="0.005"}')).toBe(1);
  expect(samples.get('wirespan_disk_sync_seconds_bucket{le="0.0025"}')).toBe(0);
  expect(samples.get("process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
});
