// SPDX-License-Identifier: Apache-2.0
// `ridgepoint compare`: did anything change between two measurements, beyond chance and by how much?
#include <algorithm>

#include "model/compare/compare.h"
#include "model/core/command.h"
#include "model/core/format.h"

namespace ridgepoint {
namespace {

/// A file, or "store:7" out of the history.
Result<Document> read_side(const std::string& name, const Arguments& arguments, const Ports& ports) {
  if (!starts_with(name, "store:"))
    return read_text_file(name).and_then([&](const std::string& text) { return parse_document(text, name); });
  if (!ports.ask) return fail(ErrorKind::unavailable, "there is no history here", "", "give a file instead");
  std::vector<std::string> words = {"store", "show", name.substr(6)};
  if (arguments.has("store")) words.insert(words.end(), {"--store", arguments.value("store")});
  auto output = ports.ask(words);
  if (!output) return tl::make_unexpected(output.error());
  if (!output->document) return fail(ErrorKind::internal, "store show gave no document", "", "");
  return std::move(*output->document);
}

Result<double> read_share(const Arguments& arguments, const std::string& option) {
  auto value = parse_number(arguments.value(option), "--" + option);
  if (value && (*value <= 0 || *value >= 1))
    return fail(ErrorKind::bad_input, "--" + option + " must be between 0 and 1", "it is a share",
                "write 0.05 for 5 %");
  return value;
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  if (arguments.positional.size() != 2)
    return fail(ErrorKind::bad_input,
                "compare takes two documents, not " + std::to_string(arguments.positional.size()), "",
                "ridgepoint compare before.json after.json");
  const auto threshold = read_share(arguments, "threshold"), alpha = read_share(arguments, "alpha");
  if (!threshold) return tl::make_unexpected(threshold.error());
  if (!alpha) return tl::make_unexpected(alpha.error());
  const std::string &name_a = arguments.positional[0], &name_b = arguments.positional[1];
  const auto a = read_side(name_a, arguments, ports), b = read_side(name_b, arguments, ports);
  if (!a) return tl::make_unexpected(a.error());
  if (!b) return tl::make_unexpected(b.error());
  auto comparison = compare(name_a, *a, name_b, *b, {*threshold, *alpha});
  if (!comparison) return tl::make_unexpected(comparison.error());
  comparison->provenance = ports.provenance;
  const bool worse = std::ranges::any_of(
      comparison->series, [](const ComparedSeries& s) { return s.verdict == ChangeVerdict::worse; });
  const int exit = worse && arguments.has("gate") ? exit_code(ErrorKind::failed_check) : 0;
  return Output{make_document("comparison", *comparison), "", exit, false};
}

}  // namespace

extern const Command compare_cmd;
const Command compare_cmd{
    .name = "compare",
    .summary = "two measurements: what changed, beyond chance and by how much",
    .positional = "A B",
    .options = {{"threshold", "SHARE", "differences below it do not matter", "0.05", false, {}},
                {"alpha", "SHARE", "chance of any false claim that is accepted", "0.05", false, {}},
                {"gate", "", "exit 1 when something became worse", "", false, {}},
                {"store", "FILE", "the history that store:ID means; default: your own", "", false, {}}},
    .example = "ridgepoint compare before.json after.json\n  ridgepoint compare store:3 store:7 --gate",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
