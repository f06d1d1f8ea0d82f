// SPDX-License-Identifier: Apache-2.0
// `ridgepoint store`: the history of documents in one SQLite file.
#include <algorithm>

#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/core/format.h"
#include "model/core/listing.h"
#include "reports/store/history.h"
#include "reports/store/place.h"

namespace ridgepoint {
namespace {

using Words = std::vector<std::string>;

Output listing(Listing l, const Ports& ports) {
  l.provenance = ports.provenance;
  return Output{make_document("listing", l), "", 0, false};
}

Result<Output> add(History& history, const Words& files, const Ports& ports) {
  if (files.empty())
    return fail(ErrorKind::bad_input, "store add needs documents", "", "ridgepoint store add runs.json");
  Listing l{.provenance = {},
            .title = "Added to the history",
            .columns = {"Id", "File", "State"},
            .rows = {},
            .notes = {}};
  for (const std::string& file : files) {
    const auto text = read_text_file(file);
    if (!text) return tl::make_unexpected(text.error());
    const auto added = history.add(*text, file, ports.provenance.created);
    if (!added) return tl::make_unexpected(added.error());
    l.rows.push_back({std::to_string(added->id), file, added->is_new ? "added" : "was there"});
  }
  return listing(std::move(l), ports);
}

Result<Output> list(History& history, const Arguments& arguments, const Ports& ports) {
  const auto documents = history.list(arguments.value("kind"));
  if (!documents) return tl::make_unexpected(documents.error());
  Listing l{.provenance = {},
            .title = "History",
            .columns = {"Id", "Kind", "Created", "Machine", "Size", "Command"},
            .rows = {},
            .notes = {}};
  for (const StoredDocument& d : *documents)
    l.rows.push_back({std::to_string(d.id), d.kind, d.created, d.machine,
                      show_bytes(static_cast<double>(d.bytes)), d.command});
  if (documents->empty())
    l.notes.emplace_back("Nothing is stored; ridgepoint store add FILE adds a document.");
  return listing(std::move(l), ports);
}

Result<Output> show(History& history, const Words& ids) {
  if (ids.size() != 1)
    return fail(ErrorKind::bad_input, "store show needs one document", "", "ridgepoint store show latest");
  return history.text(ids.front())
      .and_then([&](const std::string& text) { return parse_document(text, "store:" + ids.front()); })
      .map([](Document document) {
        return Output{std::move(document), "", 0, false};
      });
}

Result<Output> remove(History& history, const Words& ids) {
  if (ids.empty())
    return fail(ErrorKind::bad_input, "store remove needs documents", "", "ridgepoint store remove 7");
  std::string text;
  for (const std::string& id : ids) {
    if (auto ok = history.remove(id); !ok) return tl::make_unexpected(ok.error());
    text += "removed " + id + "\n";
  }
  return Output{std::nullopt, text, 0, false};
}

/// Each document as a file with the bytes that were added, so that `store add FOLDER/*` is the way back.
Result<Output> export_all(History& history, const Words& folders, const Arguments& arguments) {
  if (folders.size() != 1)
    return fail(ErrorKind::bad_input, "store export needs a folder", "", "ridgepoint store export backup");
  const auto documents = history.list(arguments.value("kind"));
  if (!documents) return tl::make_unexpected(documents.error());
  std::string text;
  for (const StoredDocument& d : *documents) {
    const std::string path = folders.front() + "/" + std::to_string(d.id) + "-" + d.kind + ".json";
    const auto bytes = history.text(std::to_string(d.id));
    if (!bytes) return tl::make_unexpected(bytes.error());
    if (auto ok = check_writable(path); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = write_file_atomically(path, *bytes); !ok) return tl::make_unexpected(ok.error());
    text += path + "\n";
  }
  return Output{std::nullopt, text, 0, false};
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  static const Words kActions = {"add", "export", "list", "remove", "show"};
  const std::string action = arguments.positional.empty() ? "" : arguments.positional.front();
  if (std::ranges::find(kActions, action) == kActions.end()) {
    const std::string near = nearest(action, kActions);
    return fail(
        ErrorKind::bad_input,
        action.empty() ? "say what to do with the history" : "there is no action '" + printable(action) + "'",
        "known are " + join(kActions, ", "),
        near.empty() ? "ridgepoint store list" : "did you mean '" + near + "'?");
  }
  const auto path = arguments.has("store") ? Result<std::string>(arguments.value("store")) : default_store();
  if (!path) return tl::make_unexpected(path.error());
  auto history = History::open(*path);
  if (!history) return tl::make_unexpected(history.error());
  const Words rest(arguments.positional.begin() + 1, arguments.positional.end());
  if (action == "add") return add(*history, rest, ports);
  if (action == "show") return show(*history, rest);
  if (action == "remove") return remove(*history, rest);
  if (action == "export") return export_all(*history, rest, arguments);
  return list(*history, arguments, ports);
}

}  // namespace

extern const Command store_cmd;
const Command store_cmd{
    .name = "store",
    .summary = "the history of documents: add, list, show, remove, export",
    .positional = "ACTION [FILE | ID | FOLDER]...",
    .options =
        {{"store", "FILE", "another history; default: history.sqlite in the XDG state folder", "", false, {}},
         {"kind", "KIND", "list or export only documents of this kind", "", false, {}}},
    .example =
        "ridgepoint store add runs.json\n  ridgepoint store list --kind runs\n  ridgepoint store show latest "
        "--json",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
