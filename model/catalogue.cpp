// SPDX-License-Identifier: Apache-2.0
#include "model/catalogue.h"

#include <algorithm>

#include "model/core/document.h"
#include "model/core/file_io.h"

namespace ridgepoint {
namespace {

Result<void> add(std::vector<Workload>& list, Workload w, const std::string& file) {
  if (auto ok = check_workload(w, file); !ok) return ok;
  list.push_back(std::move(w));
  return {};
}

/// One definition, or a set of them.
Result<void> read_workloads(const std::string& file, std::vector<Workload>& list) {
  const auto text = read_text_file(file);
  if (!text) return tl::make_unexpected(text.error());
  const auto document = parse_document(*text, file);
  if (!document) return tl::make_unexpected(document.error());
  if (document->schema != "workload-set") {
    auto one = parse_as<Workload>(*text, "workload", file);
    return one ? add(list, std::move(*one), file) : Result<void>(tl::make_unexpected(one.error()));
  }
  auto set = decode<WorkloadSet>(document->body, file);
  if (!set) return tl::make_unexpected(set.error());
  for (Workload& w : set->workloads)
    if (auto ok = add(list, std::move(w), file); !ok) return ok;
  return {};
}

template <class T>
Result<std::vector<T>> load(const std::string& folder, const std::string& kind,
                            Result<void> (*check)(const T&, const std::string&)) {
  const auto files = list_files(folder, ".json");
  if (!files) return tl::make_unexpected(files.error());
  std::vector<T> list;
  for (const std::string& file : *files) {
    auto value = read_document_as<T>(file, kind);
    if (!value) return tl::make_unexpected(value.error());
    if (auto ok = check(*value, file); !ok) return tl::make_unexpected(ok.error());
    const auto twin = std::ranges::find(list, value->id, &T::id);
    if (twin != list.end())
      return fail(ErrorKind::bad_input, "'" + file + "' repeats the id '" + value->id + "'",
                  "an id names one " + kind + " only", "rename one of the two");
    list.push_back(std::move(*value));
  }
  if (list.empty())
    return fail(ErrorKind::bad_input, "the folder '" + folder + "' holds no " + kind + " (*.json)", "",
                "name a folder such as configs/" + kind + "s");
  std::ranges::sort(list, {}, &T::id);
  return list;
}

}  // namespace

Result<std::vector<Platform>> load_platforms(const std::string& folder) {
  return load<Platform>(folder, "platform", check_platform);
}

Result<std::vector<Workload>> load_workloads(const std::string& folder) {
  return load<Workload>(folder, "workload", check_workload);
}

Result<std::vector<Workload>> load_workload_sets(const std::string& folder) {
  const auto files = list_files(folder, ".json");
  if (!files) return tl::make_unexpected(files.error());
  std::vector<Workload> list;
  for (const std::string& file : *files)
    if (auto ok = read_workloads(file, list); !ok) return tl::make_unexpected(ok.error());
  std::ranges::stable_sort(list, {}, &Workload::id);
  return list;
}

}  // namespace ridgepoint
