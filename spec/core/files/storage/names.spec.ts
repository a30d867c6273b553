/** Names that must not lead out of a storage. @module */
import { readdirSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { SuspiciousFileOperation } from "nuages/core/exceptions";
import { ContentFile } from "nuages/core/files";
import type { NameOptions, Storage } from "nuages/core/files/storage";
import type { LocatedStorage } from "../../../../src/core/files/storage/_located.ts";
import { temporary_directory } from "../../../support/files.ts";
import { classes, outcome, text_of } from "../../../support/storages.ts";

const DANGEROUS = [
  "../x",
  "/etc/x",
  "a/../../x",
  "a/../x",
  "..\\x",
  "a\\..\\..\\x",
  "\\x",
  "..",
  ".",
  "",
  "a/",
  "a/..",
  "a/.",
  "/",
];

for (const Class of classes) {
  describe(`core/files/storage: names in a ${Class.name}`, () => {
    let made = 0;
    const tree = temporary_directory({});
    const storage_of = (): LocatedStorage =>
      new Class({ location: tree.path(`${Class.name}${++made}`), base_url: "/media/" });

    for (const name of DANGEROUS) {
      it(`F33: ${JSON.stringify(name)} cannot be saved, nor made a name of`, async () => {
        const storage = storage_of();
        expect(await outcome(() => storage.save(name, new ContentFile("x")))).to.equal(
          "SuspiciousFileOperation",
        );
        expect(() => storage.generate_filename(name)).to.throw(SuspiciousFileOperation);
        expect(await outcome(() => storage.get_available_name(name))).to.be.oneOf([
          "SuspiciousFileOperation", // or a name that save() refuses, as in Django
          name,
        ]);
      });
    }

    for (const name of ["../x", "/etc/x", "a/../../x", ".."]) {
      it(`F33: ${name} cannot be reached by any method`, async () => {
        const storage = storage_of();
        const attempts = [
          () => storage.open(name),
          () => storage.open(name, { mode: "wb" }),
          () => storage.exists(name),
          () => storage.delete(name),
          () => storage.listdir(name),
          () => storage.size(name),
          () => storage.get_modified_time(name),
          () => storage.path(name),
        ];
        for (const attempt of attempts)
          expect(await outcome(attempt)).to.equal("SuspiciousFileOperation");
      });
    }

    for (const name of ["../evil", "/evil", "..", "a/../../evil", "..\\evil", ""]) {
      it(`F33: a subclass that makes ${JSON.stringify(name)} of every name saves nothing`, async () => {
        const location = tree.path(`${Class.name}-sub${++made}`);
        class Available extends Class {
          override async get_available_name(
            _name: string,
            _options?: NameOptions,
          ): Promise<string> {
            return name;
          }
        }
        class Alternative extends Class {
          override get_alternative_name(): string {
            return name;
          }
        }
        class Valid extends Class {
          override get_valid_name(): string {
            return name;
          }
        }
        class Generated extends Class {
          override generate_filename(): string {
            return name;
          }
        }
        const save = (storage: Storage, as: string): Promise<unknown> =>
          outcome(() => storage.save(as, new ContentFile("x")));
        expect(await save(new Available({ location }), "a")).to.equal("SuspiciousFileOperation");
        const alternative = new Alternative({ location });
        await alternative.save("a", new ContentFile("x"));
        if (name !== "") expect(await save(alternative, "a")).to.equal("SuspiciousFileOperation");
        expect(() => new Valid({ location }).generate_filename("a")).to.throw(
          SuspiciousFileOperation,
        );
        const generated = new Generated({ location });
        expect(await save(generated, generated.generate_filename())).to.equal(
          "SuspiciousFileOperation",
        );
        expect(readdirSync(tree.root)).not.to.include("evil");
      });
    }

    it("F34: a name with a NUL is refused by every method", async () => {
      const storage = storage_of();
      for (const name of ["a\0b", "\0", "d\0/x", "a.txt\0.jpg"]) {
        const attempts = [
          () => storage.save(name, new ContentFile("x")),
          () => storage.open(name),
          () => storage.exists(name),
          () => storage.delete(name),
          () => storage.listdir(name),
          () => storage.size(name),
          () => storage.path(name),
        ];
        for (const attempt of attempts)
          expect(await outcome(attempt)).to.equal("SuspiciousFileOperation");
      }
      expect(storage.generate_filename("a\0b")).to.equal("ab");
    });

    it("F34: a line break stays in a name, unless the name is cleaned", async () => {
      const storage = storage_of();
      expect(await storage.save("a\nb", new ContentFile("x"))).to.equal("a\nb");
      expect(await text_of(storage, "a\nb")).to.equal("x");
      expect(storage.url("a\nb")).to.equal("/media/a%0Ab");
      expect(storage.generate_filename("d/a\nb\r.txt")).to.equal("d/ab.txt");
    });
  });
}
