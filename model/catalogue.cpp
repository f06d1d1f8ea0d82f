// SPDX-License-Identifier: Apache-2.0
#include "model/catalogue.h"

#include <algorithm>
#include <filesystem>

#include "model/core/document.h"
#include "model/core/file_io.h"

namespace ridgepoint {
namespace {

const std::string kAssumptions = "/assumptions.json";

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
    if (file.ends_with(kAssumptions)) continue;  // stands among the prices
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
                "name a folder such as configs/" + kind + (kind.ends_with("s") ? "" : "s"));
  std::ranges::sort(list, {}, &T::id);
  return list;
}

enum class Stranger { refused, left_out };

/// Gives every offer to its platform. Precondition: platforms are sorted by id.
Result<void> attach(std::vector<Platform>& platforms, const std::vector<PriceFile>& files,
                    Stranger stranger) {
  for (const PriceFile& file : files)
    for (const PriceRow& row : file.offers) {
      const auto it = std::ranges::lower_bound(platforms, row.platform, {}, &Platform::id);
      if (it != platforms.end() && it->id == row.platform) {
        it->offers.push_back(row.offer);
        it->offers.back().provider = file.provider;
        it->offers.back().region = file.region;
        continue;
      }
      if (stranger == Stranger::left_out) continue;
      std::vector<std::string> ids;
      ids.reserve(platforms.size());
      for (const Platform& p : platforms) ids.push_back(p.id);
      const std::string near = nearest(row.platform, ids);
      return fail(ErrorKind::bad_input,
                  "prices '" + file.id + "' name the unknown platform '" + printable(row.platform) + "'", "",
                  near.empty() ? "see ridgepoint platforms" : "did you mean '" + near + "'?");
    }
  return {};
}

}  // namespace

std::string prices_beside(const std::string& platforms) {
  std::filesystem::path folder(platforms);
  if (!folder.has_filename()) folder = folder.parent_path();
  return (folder.parent_path() / "prices").string();
}

Result<std::vector<Platform>> load_platforms(const std::string& folder, const std::string& prices) {
  auto list = load<Platform>(folder, "platform", check_platform);
  if (!list) return list;
  const std::string from = prices.empty() ? prices_beside(folder) : prices;
  std::error_code ignored;
  if (prices.empty() && !std::filesystem::is_directory(from, ignored)) return list;
  const auto files = load_prices(from);
  if (!files) return tl::make_unexpected(files.error());
  const auto done = attach(*list, *files, prices.empty() ? Stranger::refused : Stranger::left_out);
  if (!done) return tl::make_unexpected(done.error());
  return list;
}

Result<std::vector<Workload>> load_workloads(const std::string& folder) {
  return load<Workload>(folder, "workload", check_workload);
}

Result<std::shared_ptr<const Calibration>> load_calibration(const std::string& configs) {
  auto value = read_document_as<Calibration>(configs + "/calibration.json", "calibration");
  if (!value) return tl::make_unexpected(value.error());
  return std::make_shared<const Calibration>(std::move(*value));
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

Result<std::vector<PriceFile>> load_prices(const std::string& folder) {
  return load<PriceFile>(folder, "prices", check_prices);
}

Result<Facts> load_assumptions(const std::string& folder, const std::string& mine) {
  const auto read = [](const std::string& file) {
    return read_document_as<Assumptions>(file, "assumptions")
        .and_then([&](const Assumptions& a) -> Result<Facts> {
          if (auto ok = check_assumptions(a, file); !ok) return tl::make_unexpected(ok.error());
          return a.facts;
        });
  };
  std::error_code ignored;
  Facts facts;
  if (std::filesystem::exists(folder + kAssumptions, ignored)) {
    auto defaults = read(folder + kAssumptions);
    if (!defaults) return defaults;
    facts = std::move(*defaults);
  }
  if (mine.empty()) return facts;
  auto own = read(mine);
  if (!own) return own;
  for (const auto& [key, fact] : *own) {
    const auto it = facts.find(key);
    std::vector<std::string> known;
    for (const auto& [name, unused] : facts) known.push_back(name);
    if (it == facts.end())
      return fail(ErrorKind::bad_input, "'" + mine + "' sets the unknown assumption '" + printable(key) + "'",
                  "no cost reads it", "known are " + join(known, ", "));
    if (fact.unit != it->second.unit)
      return fail(ErrorKind::bad_input, "'" + mine + "' gives '" + key + "' in " + printable(fact.unit), "",
                  "give it in " + it->second.unit);
    it->second = fact;
  }
  return facts;
}

}  // namespace ridgepoint
