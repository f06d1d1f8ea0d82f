// SPDX-License-Identifier: Apache-2.0
// `ridgepoint schema`: the JSON Schema of a document kind.
#include <vector>

#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/schemas.h"

namespace ridgepoint {
namespace {

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const std::string kind = arguments.positional.size() == 1 ? arguments.positional.front() : "";
  if (kind == "platform")
    return read_file(ports.configs + "/schemas/platform.schema.json", kMaxJsonBytes)
        .map([](std::string text) {
          return Output{std::nullopt, std::move(text), 0, false};
        });
  const auto it = generated_schemas().find(kind);
  if (it != generated_schemas().end())
    return dump_json(it->second).map([](std::string text) {
      return Output{std::nullopt, std::move(text), 0, false};
    });
  std::vector<std::string> known = {"platform"};
  for (const auto& [name, schema] : generated_schemas()) known.push_back(name);
  const std::string near = nearest(kind, known);
  return fail(ErrorKind::bad_input, "name one document kind", "known are " + join(known, ", "),
              near.empty() ? "ridgepoint schema machine" : "did you mean '" + near + "'?");
}

}  // namespace

extern const Command schema_cmd;
const Command schema_cmd{.name = "schema",
                         .summary = "print the JSON Schema of a document kind",
                         .positional = "KIND",
                         .options = {},
                         .example = "ridgepoint schema recommendation",
                         .default_format = "text",
                         .run = run};

}  // namespace ridgepoint
