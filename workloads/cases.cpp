// SPDX-License-Identifier: Apache-2.0
#include "workloads/cases.h"

#include <algorithm>
#include <filesystem>

#include "model/core/file_io.h"
#include "model/core/text.h"

namespace ridgepoint {

Result<std::vector<Case>> parse_cases(std::string_view text, const Kernel& kernel, const std::string& where) {
  std::vector<Case> cases;
  int number = 0;
  for (const std::string& raw : split(std::string(text), '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == '#') continue;
    const std::string at = where + ":" + std::to_string(number);
    const std::size_t space = std::min(line.find(' '), line.size());
    std::string name(line.substr(0, space));
    if (name.find('=') != std::string::npos)
      return fail(ErrorKind::bad_input, at + ": the case '" + printable(std::string(line)) + "' has no name",
                  "", "write NAME key=value ...");
    if (std::ranges::find(cases, name, &Case::name) != cases.end())
      return fail(ErrorKind::bad_input, at + ": the case '" + printable(name) + "' stands there twice", "",
                  "give it another name");
    auto shape = Shape::parse(trim(line.substr(space)), kernel.default_shape);
    if (!shape) return in_context(at, shape.error());
    cases.push_back({std::move(name), std::move(*shape)});
  }
  return cases;
}

Result<std::vector<Case>> load_cases(const std::string& configs, const Kernel& kernel) {
  const std::string path = configs + "/cases/" + (kernel.cases.empty() ? kernel.id : kernel.cases) + ".txt";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    auto shape = Shape::parse("", kernel.default_shape);
    if (!shape) return tl::make_unexpected(shape.error());
    return std::vector<Case>{{"default", std::move(*shape)}};
  }
  const auto text = read_file(path, 1 << 20);
  if (!text) return tl::make_unexpected(text.error());
  return parse_cases(*text, kernel, path);
}

}  // namespace ridgepoint
