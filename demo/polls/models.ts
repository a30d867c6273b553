/** The questions of the polls, kept in memory: they are back to no votes after a restart. @module */
import { ObjectDoesNotExist } from "nuages/core/exceptions";

/** One answer to a question, and how many have chosen it. */
export interface Choice {
  readonly id: number;
  readonly text: string;
  votes: number;
}

export interface Question {
  readonly id: number;
  readonly text: string;
  readonly choices: readonly Choice[];
}

export class QuestionDoesNotExist extends ObjectDoesNotExist {}

/** What a database would be: the one place that knows where questions come from. */
export class QuestionRepository {
  /** What `get()` throws; `get_object_or_404()` makes a 404 of it. */
  readonly DoesNotExist: typeof QuestionDoesNotExist = QuestionDoesNotExist;
  readonly #questions = new Map<number, Question>();

  add(text: string, choices: readonly string[]): Question {
    const question: Question = {
      id: this.#questions.size + 1,
      text,
      choices: choices.map((choice, index) => ({ id: index + 1, text: choice, votes: 0 })),
    };
    this.#questions.set(question.id, question);
    return question;
  }

  all(): Question[] {
    return [...this.#questions.values()];
  }

  get({ pk }: { pk: number }): Question {
    const question = this.#questions.get(pk);
    if (question === undefined) throw new QuestionDoesNotExist(`There is no question ${pk}.`);
    return question;
  }
}

export function total_votes(question: Question): number {
  return question.choices.reduce((sum, { votes }) => sum + votes, 0);
}

export const questions: QuestionRepository = new QuestionRepository();

questions.add("What do you see in the clouds?", ["Sheep", "Castles", "Faces", "The weather"]);
questions.add("Which status code is the kindest?", [
  "200 OK",
  "204 No Content",
  "304 Not Modified",
  "418 I'm a teapot",
]);
questions.add("When do you write the tests?", ["Before the code", "After it", "Right after lunch"]);
