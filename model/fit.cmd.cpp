// SPDX-License-Identifier: Apache-2.0
// `ridgepoint fit`: does a network fit a platform, and what does each way out cost?
#include <algorithm>
#include <cmath>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/listing.h"
#include "model/memory/published.h"
#include "model/memory/study.h"

namespace ridgepoint {
namespace {

using namespace memory;  // NOLINT(google-build-using-namespace)

std::vector<std::string> cells(const Check& c) {
  const std::string id = c.id + (c.part.empty() ? "" : " [" + c.part + "]");
  if (!c.refused.empty()) return {id, "", "", "", "refused: " + c.refused};
  const std::string predicted = c.relative ? show_percent(c.predicted) : show_bytes(c.predicted);
  if (c.measured) {
    const double ratio = c.predicted / *c.measured;
    return {id, predicted, c.relative ? show_percent(*c.measured) : show_bytes(*c.measured),
            show_number(ratio), ratio * safety_factor() < 1 ? "under the safe total" : "within the margin"};
  }
  return {id, predicted,
          std::string(*c.says_fits ? "fits " : "too large for ") + show_bytes(*c.capacity_byte), "",
          c.right() ? "right" : "wrong"};
}

std::vector<std::string> summary(const std::vector<Check>& checks) {
  std::vector<std::string> notes;
  for (const Score& s : scores(checks))
    notes.push_back(s.group + ": " + std::to_string(s.figures) + " sizes, median error " +
                    show_percent(s.median_error) + ", worst " + show_percent(s.worst_error) + ", bias " +
                    show_percent(s.bias) + ", above the safe total " + std::to_string(s.under));
  const auto says =
      std::ranges::count_if(checks, [](const Check& c) { return c.refused.empty() && c.says_fits; });
  const auto right =
      std::ranges::count_if(checks, [](const Check& c) { return c.refused.empty() && c.right(); });
  const auto refused = std::ranges::count_if(checks, [](const Check& c) { return !c.refused.empty(); });
  notes.push_back("fits or does not fit: " + std::to_string(right) + " of " + std::to_string(says) +
                  " right");
  notes.push_back("refused: " + std::to_string(refused) + " figures");
  return notes;
}

Result<Output> validate(const Arguments& arguments, Ports& ports) {
  const std::string path = arguments.positional.empty() ? ports.configs + "/published/medical-memory.json"
                                                        : arguments.positional.front();
  const auto text = read_text_file(path);
  if (!text) return tl::make_unexpected(text.error());
  const auto json = parse_json(*text, path);
  if (!json) return tl::make_unexpected(json.error());
  const auto checks = check_published(*json);
  if (!checks) return in_context("'" + path + "'", checks.error());
  Listing listing{ports.provenance,
                  "Memory: predicted and published",
                  {"figure", "predicted", "published", "ratio", "verdict"},
                  {},
                  summary(*checks)};
  for (const Check& c : *checks) listing.rows.push_back(cells(c));
  return Output{make_document("listing", listing), "", 0, false};
}

Result<net::Shape> shape_of(const NetworkEntry& entry, const Arguments& arguments) {
  auto shape = net::parse_shape(arguments.has("input") ? arguments.value("input") : entry.input, "--input");
  if (!shape || !arguments.has("batch")) return shape;
  const auto batch = parse_number(arguments.value("batch"), "--batch");
  if (!batch) return tl::make_unexpected(batch.error());
  if (*batch < 1 || *batch > 65536 || *batch != std::floor(*batch))
    return fail(ErrorKind::bad_input, "--batch must be a whole number of at least 1", "",
                "for example --batch 2");
  (*shape)[0] = static_cast<std::int64_t>(*batch);
  return shape;
}

Result<Platform> find_platform(const std::vector<Platform>& list, const std::string& id) {
  if (id.empty()) return fail(ErrorKind::bad_input, "fit needs --platform", "", "see ridgepoint platforms");
  const auto it = std::ranges::find(list, id, &Platform::id);
  if (it != list.end()) return *it;
  std::vector<std::string> ids;
  ids.reserve(list.size());
  for (const Platform& p : list) ids.push_back(p.id);
  const std::string near = nearest(id, ids);
  return fail(ErrorKind::bad_input, "there is no platform '" + printable(id) + "'", "",
              near.empty() ? "see ridgepoint platforms" : "did you mean '" + near + "'?");
}

Framework framework_for(const Platform& p) {
  const bool cpu = p.kind == PlatformClass::cpu || p.kind == PlatformClass::manycore_cpu;
  return cpu ? Framework::pytorch_cpu : Framework::pytorch_cuda;
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  if (arguments.has("validate")) return validate(arguments, ports);
  if (arguments.positional.size() != 1)
    return fail(ErrorKind::bad_input, "fit needs one network", "", "for example mlperf-3d-unet-kits19");
  const auto entry = find_network(arguments.positional.front());
  if (!entry) return tl::make_unexpected(entry.error());
  const auto shape = shape_of(**entry, arguments);
  if (!shape) return tl::make_unexpected(shape.error());
  auto platforms = load_platforms(arguments.has("platforms") ? arguments.value("platforms")
                                                             : ports.configs + "/platforms");
  if (!platforms) return tl::make_unexpected(platforms.error());
  auto platform = find_platform(*platforms, arguments.value("platform"));
  if (!platform) return tl::make_unexpected(platform.error());
  FitQuestion q;
  q.network = *entry;
  q.input = *shape;
  q.setting.phase = arguments.value("phase") == "inference" ? Phase::inference : Phase::training;
  q.setting.mixed = arguments.value("precision") == "mixed";
  q.setting.optimizer = enum_from<Optimizer>(arguments.value("optimizer")).value_or(Optimizer::momentum);
  q.setting.framework = framework_for(*platform);
  q.platform = std::move(*platform);
  q.catalogue = std::move(*platforms);
  q.context.as_of = arguments.has("as-of") ? arguments.value("as-of") : ports.today;
  if (!is_month(q.context.as_of))
    return fail(ErrorKind::bad_input, "--as-of '" + printable(q.context.as_of) + "' is not a month", "",
                "write YYYY-MM, for example 2017-06");
  q.context.efficiency = efficiencies({});
  auto calibration = load_calibration(ports.configs);
  if (!calibration) return tl::make_unexpected(calibration.error());
  q.context.calibration = std::move(*calibration);
  auto answer = study(q);
  if (!answer) return tl::make_unexpected(answer.error());
  answer->provenance = ports.provenance;
  const bool no = answer->verdict != FitVerdict::fits;
  return Output{make_document("fit", *answer), "", no ? exit_code(ErrorKind::failed_check) : 0, false};
}

}  // namespace

extern const Command fit_cmd;
const Command fit_cmd{
    .name = "fit",
    .summary = "does a network fit a platform's memory, and what does each way out cost",
    .positional = "[NETWORK]",
    .options =
        {{"platform", "ID", "the platform it should fit", "", false, {}},
         {"input", "SHAPE", "batch, channels, extents: 2x1x128x128x128", "", false, {}},
         {"batch", "N", "samples at once, in place of the first number of --input", "", false, {}},
         {"precision", "WHAT", "FP32, or 2-byte activations", "fp32", false, {"fp32", "mixed"}},
         {"phase", "WHAT", "what it is used for", "training", false, {"training", "inference"}},
         {"optimizer", "WHAT", "state kept a parameter", "momentum", false, {"sgd", "momentum", "adam"}},
         {"as-of", "YYYY-MM", "platforms and prices of that month; default: today", "", false, {}},
         {"platforms", "DIR", "another catalogue folder", "", false, {}},
         {"validate",
          "",
          "compare the laws with published figures (optional FILE in place of NETWORK)",
          "",
          false,
          {}}},
    .example = "ridgepoint fit mlperf-3d-unet-kits19 --batch 4 --platform nvidia-v100-pcie-16",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
