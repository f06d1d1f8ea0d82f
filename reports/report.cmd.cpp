// SPDX-License-Identifier: Apache-2.0
#include "model/core/command.h"
#include "reports/page.h"

namespace ridgepoint {
namespace {

Result<Output> run(const Arguments& arguments, Ports&) {
  if (arguments.positional.size() != 1)
    return fail(ErrorKind::bad_input,
                "report takes one document, not " + std::to_string(arguments.positional.size()), "",
                "give the path of a JSON file written by ridgepoint");
  const std::string& path = arguments.positional.front();
  auto document =
      read_text_file(path).and_then([&](const std::string& text) { return parse_document(text, path); });
  if (!document) return tl::make_unexpected(document.error());
  // Also when the format is json: a report of a broken document must say so rather than pass it on.
  if (const auto page = report::page_of(*document); !page) return in_context("'" + path + "'", page.error());
  return Output{.document = std::move(*document), .text = {}, .exit = 0, .interrupted = false};
}

}  // namespace

extern const Command report_cmd;
const Command report_cmd{.name = "report",
                         .summary = "show any document as text, JSON, Markdown or HTML",
                         .positional = "DOCUMENT",
                         .options = {},
                         .example = "ridgepoint report answer.json --format html --out answer.html",
                         .default_format = "text",
                         .run = run};

}  // namespace ridgepoint
