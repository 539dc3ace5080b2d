import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { AnswerEvent } from "./events";
import { type Turn, turnsReducer } from "./turns";
import { useSpokenPhase } from "./waiting";

function queued(position?: number, wait_seconds?: number): Turn {
  const asked = turnsReducer([], { type: "ask", key: "a", question: "When?" });
  const event: AnswerEvent = {
    name: "status",
    data: { state: "queued", position, wait_seconds },
  };
  return turnsReducer(asked, { type: "event", key: "a", event, at: 0 })[0] as Turn;
}

function Spoken({ turn }: { turn: Turn }) {
  return <p role="status">{useSpokenPhase(turn)}</p>;
}

const heard = () => screen.getByRole("status").textContent;

test.each([
  [queued(2, 7.2), "2 before you, about 8 s"],
  [queued(1), "1 before you…"],
  [queued(0, 3), "The model has begun to read, about 3 s"],
  [queued(undefined, 70), "Waiting for the model, about 70 s"],
  [queued(), "Waiting for the model…"],
])("a place in the queue in words (%#)", (turn, words) => {
  render(<Spoken turn={turn} />);
  expect(heard()).toBe(words);
});

test("a place in the queue is not spoken at every step", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { rerender } = render(<Spoken turn={queued(3, 12)} />);
  vi.advanceTimersByTime(2_000);
  rerender(<Spoken turn={queued(2, 8)} />);
  expect(heard()).toBe("3 before you, about 12 s");

  vi.advanceTimersByTime(14_000);
  rerender(<Spoken turn={queued(1, 4)} />);
  expect(heard()).toBe("1 before you, about 4 s");
  vi.useRealTimers();
});
