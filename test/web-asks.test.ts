import { describe, expect, test } from "vitest";
import { permissionDetail, permissionReach, permissionTitle } from "../web/src/ui/asks/permission-words.ts";
import { answersOf, emptyDraft, namesOf, openCount, withOption, withOwn } from "../web/src/ui/asks/question-draft.ts";

const options = ["a", "b"].map((label) => ({ label, description: "" }));
const one = { question: "Which?", header: "", options };
const several = { ...one, multiple: true };

describe("answers on the page", () => {
  test("of one choice the newest counts, and words of one's own take its place", () => {
    const chosen = withOption(withOption(emptyDraft, one, "a"), one, "b");
    expect(answersOf({ questions: [one] }, [chosen])).toEqual([["b"]]);
    expect(answersOf({ questions: [one] }, [withOwn(chosen, one, " c ")])).toEqual([["c"]]);
    expect(answersOf({ questions: [one] }, [withOption(withOwn(chosen, one, "c"), one, "a")])).toEqual([["a"]]);
  });

  test("of several choices all count, in the order of the options, and a second click takes one back", () => {
    const both = withOwn(withOption(withOption(emptyDraft, several, "b"), several, "a"), several, "c");
    expect(answersOf({ questions: [several] }, [both])).toEqual([["a", "b", "c"]]);
    expect(answersOf({ questions: [several] }, [withOption(both, several, "b")])).toEqual([["a", "c"]]);
  });

  test("every question has its list, and those without an answer are counted", () => {
    const request = { questions: [one, several, one] };
    const drafts = [withOption(emptyDraft, one, "a"), emptyDraft, withOwn(emptyDraft, one, " ")];
    expect(answersOf(request, drafts)).toEqual([["a"], [], []]);
    expect(openCount(request, drafts)).toBe(2);
  });

  test("questions and options in the same words are told apart", () => {
    expect(new Set(namesOf(["Sure?", "Sure?", "Why?", "Sure? 1"])).size).toBe(4);
  });

  test("a permission is told in words, with what it is about and how far a lasting answer reaches", () => {
    const request = { id: "per_1", sessionID: "ses_1", permission: "bash", patterns: ["git push"], always: ["git push *"], metadata: {} };
    expect(permissionTitle(request)).toBe("Run a command");
    expect(permissionTitle({ permission: "github_search" })).toBe("Use github_search");
    expect(permissionDetail({ ...request, metadata: { command: "git push origin" } })).toEqual({
      text: "git push origin",
      language: "bash",
    });
    expect(permissionDetail(request)?.text).toBe("git push");
    expect(permissionReach(request)).toBe("bash: git push *");
  });
});
