// SPDX-License-Identifier: Apache-2.0
#include "model/memory/published.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>

#include "model/core/stats.h"
#include "model/core/text.h"
#include "model/memory/footprint.h"
#include "model/networks/library.h"

namespace ridgepoint::memory {
namespace {

constexpr double kGiB = 1073741824.0;

/// A network by the words that sources use for it. `plan`: numbers that nnU-Net's planner allows one sample
/// of batch 2, as convolution outputs of `plan_network` (experiment planners: 560e6, v1 520e6; residual
/// presets 680e6, 2100e6, 3600e6): a planned job is taken to fill it.
struct Known {
  std::string_view words;
  const char* network;
  double plan = 0;
  const char* plan_network = "";
};

constexpr Known kKnown[] = {{"nnu-net (org", "nnunet-3d-fullres", 560e6, "nnunet-3d-fullres"},
                            {"nnu-net v1", "nnunet-3d-fullres", 520e6, "nnunet-3d-fullres"},
                            {"resenc m", "nnunet-3d-resenc", 680e6, "nnunet-3d-resenc"},
                            {"resenc l", "nnunet-3d-resenc", 2100e6, "nnunet-3d-resenc"},
                            {"resenc xl", "nnunet-3d-resenc", 3600e6, "nnunet-3d-resenc"},
                            {"stu-net s", "stu-net-s", 560e6, "nnunet-3d-fullres"},
                            {"stu-net b", "stu-net-b", 560e6, "nnunet-3d-fullres"},
                            {"stu-net l", "stu-net-l", 560e6, "nnunet-3d-fullres"},
                            {"nvidia nnu-net", "nvidia-nnunet-3d"},
                            {"nvidia tf 3d u-net", "nvidia-3d-unet-brats-tf1"},
                            {"mlperf 3d u-net", "mlperf-3d-unet-kits19"},
                            {"3d u-net f=16", "intelai-3d-unet"},
                            {"3d u-net brats full volume", "3d-unet-2016-padded"},
                            {"streamingcnn, resnet-34", "mammogram-resnet34"},
                            {"grt123 nodule detector", "dsb2017-nodule-detector"}};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool has(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

std::string text_of(const Json& row, const char* key) {
  const auto it = row.find(key);
  if (it == row.end()) return "";
  return it->is_string() ? it->get<std::string>() : it->is_number() ? it->dump() : "";
}

/// First number in a text.
std::optional<double> number_in(const std::string& text) {
  static const std::regex kNumber(R"([0-9]+(\.[0-9]+)?)");
  std::smatch m;
  if (!std::regex_search(text, m, kNumber)) return std::nullopt;
  return std::stod(m.str());
}

/// "16 GB" of a card or host. Cards are named in GB and hold GiB.
std::optional<double> capacity_in(const std::string& text) {
  static const std::regex kCapacity(R"(([0-9]+(\.[0-9]+)?) ?GB)", std::regex::icase);
  std::smatch m;
  if (!std::regex_search(text, m, kCapacity)) return std::nullopt;
  return std::stod(m[1].str()) * kGiB;
}

std::optional<double> unit_byte(const std::string& unit) {
  static const std::map<std::string, double> kUnits = {
      {"GB", 1e9}, {"TB", 1e12}, {"MB", 1e6}, {"MiB", 1048576}, {"GiB", kGiB}};
  const auto it = kUnits.find(unit);
  return it == kUnits.end() ? std::nullopt : std::optional(it->second);
}

/// "9.23 GiB allocated of 10.73": what the allocator could have had.
std::optional<double> stated_total(const std::string& words, const std::string& unit) {
  static const std::regex kOf(R"(allocated of ([0-9]+(\.[0-9]+)?))");
  std::smatch m;
  const auto byte = unit_byte(unit);
  if (!byte || !std::regex_search(words, m, kOf)) return std::nullopt;
  return std::stod(m[1].str()) * *byte;
}

const Known* known_network(const std::string& workload) {
  const Known* best = nullptr;
  for (const Known& k : kKnown)
    if (has(workload, k.words) && (best == nullptr || k.words.size() > best->words.size())) best = &k;
  return best;
}

std::optional<Framework> framework_of(const std::string& framework, const std::string& device,
                                      const std::string& workload) {
  const std::string all = lower(framework + " " + device);
  const bool cpu = has(all, "cpu") || has(all, "xeon") || has(all, "epyc");
  if (has(all, "tensorflow lms") || has(all, "power9")) return std::nullopt;
  if (has(all, "tensorflow")) return cpu ? Framework::tensorflow1_cpu : Framework::tensorflow1_cuda;
  if (!has(all, "pytorch")) return std::nullopt;
  if (!cpu) return Framework::pytorch_cuda;
  return has(workload, "onednn disabled") ? Framework::pytorch_cpu_columns : Framework::pytorch_cpu;
}

/// A row, understood as far as all its figures share it.
struct Row {
  std::string id, source, workload, device, metric, precision;
  const Json* json = nullptr;
  const Known* known = nullptr;
  Setting setting = {};
  double batch = 1;
};

/// The row's network at `edge`^n (when positive), else at its input, else as planned.
Result<Totals> totals_at(const Row& row, double batch, double edge) {
  const auto entry = find_network(row.known->network);
  if (!entry) return tl::make_unexpected(entry.error());
  auto shape = net::parse_shape((*entry)->input, row.known->network);
  if (!shape) return tl::make_unexpected(shape.error());
  (*shape)[0] = std::max<std::int64_t>(1, std::llround(batch));
  double factor = 1;
  const auto input = row.json->find("input");
  if (edge > 0) {
    std::fill(shape->begin() + 2, shape->end(), std::llround(edge));
  } else if (input != row.json->end() && input->is_array() && input->size() + 1 >= shape->size()) {
    for (std::size_t axis = 2; axis < shape->size(); ++axis)
      (*shape)[axis] = (*input)[axis - 2].get<std::int64_t>();
    if (input->size() + 1 == shape->size()) (*shape)[1] = (*input)[shape->size() - 2].get<std::int64_t>();
  } else if (row.known->plan > 0) {
    const auto plan = build_network(row.known->plan_network);
    if (!plan) return tl::make_unexpected(plan.error());
    factor = row.known->plan / static_cast<double>(net::measure(*plan).conv_outputs);
  } else {
    return fail(ErrorKind::unavailable, "its input is not stated", "", "");
  }
  return net::Shape(*shape).size() < 3
             ? fail(ErrorKind::unavailable, "its input is not stated", "", "")
             : (*entry)->build(*shape).map([&](const net::Graph& g) { return scaled(totals_of(g), factor); });
}

Check check_of(const Row& row, std::string part) {
  Check c;
  c.id = row.id;
  c.part = std::move(part);
  c.source = row.source;
  c.group = std::string(name_of(row.setting.framework)) + " " + std::string(name_of(row.setting.phase));
  return c;
}

/// The predicted bytes of one figure: a rise above the idle process where the metric is one.
void predict(Check& c, const Row& row, const Setting& setting, double batch, double edge, Moment moment) {
  if (row.known == nullptr) return;
  const auto totals = totals_at(row, batch, edge);
  if (!totals) {
    c.refused = totals.error().what;
    return;
  }
  const bool is_rise = has(row.metric, "increase") || has(row.metric, "saved per");
  c.predicted = is_rise ? rise(*totals, setting, moment) : footprint(*totals, setting, moment).expected_byte;
}

/// "OOM at batch 4; batch 2 runs", "fp32 batch 4 OOM on 16 GB, runs on 32 GB; ...": one check a clause.
std::vector<Check> statements(const Row& row, const std::string& value) {
  static const std::regex kBatch(R"(batch ([0-9]+))");
  std::vector<Check> out;
  for (const std::string& sentence : split(value, ';')) {
    Setting setting = row.setting;
    double batch = row.batch;
    for (const std::string& clause : split(sentence, ',')) {
      const std::string words = lower(clause);
      std::smatch m;
      if (std::regex_search(words, m, kBatch)) batch = std::stod(m[1].str());
      if (has(words, "fp16")) setting.mixed = true;
      if (has(words, "fp32")) setting.mixed = false;
      const bool no = has(words, "oom") || has(words, "fails") || has(words, "exceeds");
      const bool yes =
          has(words, "runs") || has(words, "passes") || has(words, "reported on") || has(words, "only on");
      auto capacity = capacity_in(words);
      if (!capacity) capacity = stated_total(words, text_of(*row.json, "unit"));
      if (!capacity) capacity = capacity_in(row.device);
      if (no == yes || !capacity) continue;
      Check c = check_of(row, std::string(trim(clause)));
      c.says_fits = yes;
      c.capacity_byte = capacity;
      predict(c, row, setting, batch, 0, Moment::peak);
      out.push_back(std::move(c));
    }
  }
  return out;
}

/// {"end_of_forward": 508, "peak": 582}, {"64": 192, "96": 648}: one check a key.
std::vector<Check> parts(const Row& row, const Json& value, double unit) {
  std::vector<Check> out;
  for (const auto& [key, number] : value.items()) {
    Setting setting = row.setting;
    if (key == "infer") setting.phase = Phase::inference;
    const double edge =
        std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; }) ? std::stod(key) : 0;
    Check c = check_of(row, key);
    c.measured = number.get<double>() * unit;
    predict(c, row, setting, row.batch, edge,
            key == "end_of_forward" ? Moment::end_of_forward : Moment::peak);
    out.push_back(std::move(c));
  }
  return out;
}

/// Buffers of a result volume: C x voxels, with what the operation keeps beside it.
std::vector<Check> volume_buffers(const Row& row) {
  static const std::regex kFour(R"(([0-9]+)x([0-9]+)x([0-9]+)x([0-9]+))");
  static const std::regex kClasses(R"(([0-9]+) classes, ([0-9]+)x([0-9]+)x([0-9]+))");
  std::smatch m;
  if (!std::regex_search(row.workload, m, kClasses) && !std::regex_search(row.workload, m, kFour)) return {};
  double numbers = 1;
  for (std::size_t i = 1; i < m.size(); ++i) numbers *= std::stod(m[i].str());
  const double voxels = numbers / std::stod(m[1].str());
  const double size = has(row.precision, "64") ? 8 : has(row.precision, "16") ? 2 : 4;
  double held = 0;
  if (has(row.workload, "aggregation")) held = (numbers + voxels) * size;  // sums and one weight map
  if (has(row.workload, "softmax")) held = 2 * numbers * size;             // input and result
  if (has(row.workload, "result")) held = numbers * size;
  if (held <= 0) return {};
  std::vector<Check> out;
  const Json& value = row.json->at("value");
  if (value.is_string()) {
    out = statements(row, value.get<std::string>());
  } else if (const auto unit = unit_byte(text_of(*row.json, "unit")); unit && value.is_number()) {
    Check c = check_of(row, "");
    c.measured = value.get<double>() * *unit;
    out.push_back(std::move(c));
  }
  for (Check& c : out) {
    c.group = "volume buffers";
    c.refused.clear();
    c.predicted = held;
  }
  return out;
}

/// "A vs B", in per cent less: tensors of one image, the limit of a large batch.
std::vector<Check> comparison(const Row& row) {
  if (!has(row.workload, "gmic-resnet-18 vs resnet-34") || !row.json->at("value").is_number()) return {};
  Check c = check_of(row, "");
  c.group = "ratio of two networks";
  c.relative = true;
  const auto small = build_network("gmic"), large = build_network("mammogram-resnet34");
  if (!small || !large) return {};
  c.predicted = totals_of(*small).peak_training / totals_of(*large).peak_training;
  c.measured = 1 + row.json->at("value").get<double>() / 100;
  return {c};
}

std::vector<Check> sizes(const Row& row) {
  const Json& value = row.json->at("value");
  const std::string unit_words = text_of(*row.json, "unit");
  if (has(unit_words, "samples per")) {  // "4 samples per 12 GB GPU"
    Check c = check_of(row, "batch " + value.dump());
    c.says_fits = true;
    c.capacity_byte = capacity_in(unit_words);
    predict(c, row, row.setting, value.get<double>(), 0, Moment::peak);
    return {c};
  }
  const auto unit = unit_byte(unit_words);
  if (value.is_string() && (!unit || has(value.get<std::string>(), "OOM")))
    return statements(row, value.get<std::string>());
  if (!unit) return {};
  if (value.is_object()) return parts(row, value, *unit);
  const auto number = value.is_number()   ? std::optional(value.get<double>())
                      : value.is_string() ? number_in(value.get<std::string>())
                                          : std::nullopt;
  if (!number) return {};
  Check c = check_of(row, "");
  c.measured = *number * *unit;
  predict(c, row, row.setting, row.batch, 0, Moment::peak);
  return {c};
}

Check refusal(const Row& row, std::string why) {
  Check c;
  c.id = row.id;
  c.source = row.source;
  c.refused = std::move(why);
  return c;
}

std::vector<Check> checks_of(Row& row, const std::string& framework) {
  if (auto volume = volume_buffers(row); !volume.empty()) return volume;
  if (auto ratio = comparison(row); !ratio.empty()) return ratio;
  row.known = known_network(row.workload);
  if (row.known == nullptr) return {refusal(row, "its network is not in the catalogue")};
  const auto convention = framework_of(framework, row.device, row.workload);
  if (!convention) return {refusal(row, "no convention is known for '" + printable(framework) + "'")};
  // nnU-Net plans no batch below two (documentation of its planner).
  if (row.known->plan > 0 && !row.json->contains("batch")) row.batch = 2;
  row.setting.framework = *convention;
  row.setting.phase = has(row.workload, "inference") ? Phase::inference : Phase::training;
  row.setting.mixed = has(row.precision, "AMP") && !has(row.precision, "fp32");
  auto found = sizes(row);
  if (found.empty()) return {refusal(row, "its value is neither a size nor a statement that it fits")};
  return found;
}

}  // namespace

Result<std::vector<Check>> check_published(const Json& file) {
  const auto figures = file.is_object() ? file.find("figures") : file.end();
  if (figures == file.end() || !figures->is_array())
    return fail(ErrorKind::bad_input, "there is no list 'figures'", "",
                "give a file in the format of configs/published/medical-memory.json");
  std::vector<Check> out;
  std::string framework;
  for (const Json& figure : *figures) {
    if (!figure.is_object() || !figure.contains("value"))
      return fail(ErrorKind::bad_input, "a figure has no value", "", "give each one id, workload and value");
    Row row{text_of(figure, "id"),
            text_of(figure, "source"),
            lower(text_of(figure, "workload")),
            text_of(figure, "device"),
            text_of(figure, "metric"),
            text_of(figure, "precision"),
            &figure};
    if (const std::string said = text_of(figure, "framework"); said != "same") framework = said;
    const Json batch = figure.value("batch", Json());
    row.batch = batch.is_number()   ? batch.get<double>()
                : batch.is_string() ? number_in(batch.get<std::string>()).value_or(1)
                                    : 1;
    for (Check& c : checks_of(row, framework)) out.push_back(std::move(c));
  }
  return out;
}

std::vector<Score> scores(const std::vector<Check>& checks) {
  std::map<std::string, std::vector<double>> ratios;
  for (const Check& c : checks)
    if (c.refused.empty() && c.measured) {
      ratios[c.group].push_back(c.predicted / *c.measured);
      ratios["~all"].push_back(c.predicted / *c.measured);
    }
  std::vector<Score> out;
  for (const auto& [group, list] : ratios) {
    Score s;
    s.group = group == "~all" ? "all" : group;
    s.figures = list.size();
    std::vector<double> errors, signs;
    for (const double r : list) {
      errors.push_back(std::abs(r - 1));
      signs.push_back(r - 1);
      s.under += r * safety_factor() < 1 ? 1 : 0;
    }
    s.median_error = quantile(errors, 0.5);
    s.worst_error = *std::ranges::max_element(errors);
    s.bias = quantile(signs, 0.5);
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace ridgepoint::memory
