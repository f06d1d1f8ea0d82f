// SPDX-License-Identifier: Apache-2.0
// `ridgepoint network`: a network's operators, work, traffic and memory, at any shape.
#include "model/network.h"
#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/listing.h"
#include "model/networks/library.h"
#include "model/networks/measure.h"
#include "model/networks/onnx_file.h"

namespace ridgepoint {
namespace {

Output list_networks(const Ports& ports) {
  Listing listing{ports.provenance,
                  "Networks",
                  {"network", "input", "parameters", "forward", "saved for backward", "use"},
                  {},
                  {"work, and memory in FP32, at the input shown; any other with --input",
                   onnx_file_available() ? "a file ending in .onnx is read as well"
                                         : "this program was built without the ONNX reader"}};
  for (const NetworkFamily* family : network_families())
    for (const NetworkEntry& entry : family->entries) {
      const auto graph = build_network(entry.name);
      if (!graph) continue;  // a test builds them all
      const net::Totals t = net::measure(*graph);
      listing.rows.push_back({entry.name, entry.input, show_number(static_cast<double>(t.parameters)),
                              show(2.0 * static_cast<double>(t.macs_forward), "flop"),
                              show_bytes(static_cast<double>(t.saved_bytes)), entry.summary});
    }
  return Output{make_document("listing", listing), "", 0, false};
}

struct Wanted {
  net::Graph graph;
  std::string summary, source;
  std::string padding = {};  ///< what was done to the input, in words
};

bool is_file(const std::string& name) { return name.size() > 5 && name.substr(name.size() - 5) == ".onnx"; }

Result<Wanted> from_file(const std::string& path, const net::Shape& input, const Arguments& arguments) {
  OnnxRequest request{.path = path, .input = input, .axes = {}};
  for (const std::string& pair : arguments.all("axis")) {
    const std::size_t equals = pair.find('=');
    const auto extent = parse_number(equals == std::string::npos ? "" : pair.substr(equals + 1), "--axis");
    if (!extent || equals == 0 || *extent < 1 || *extent > 1e9 ||
        *extent != static_cast<double>(static_cast<std::int64_t>(*extent)))
      return fail(ErrorKind::bad_input, "--axis '" + printable(pair) + "' is not NAME=EXTENT", "",
                  "write for example --axis batch=2");
    request.axes[pair.substr(0, equals)] = static_cast<std::int64_t>(*extent);
  }
  auto graph = read_onnx_file(request);
  if (!graph) return tl::make_unexpected(graph.error());
  return Wanted{std::move(*graph), "read from an ONNX file", path};
}

Result<Wanted> find(const std::string& name, const Arguments& arguments) {
  net::Shape input;
  if (arguments.has("input")) {
    const auto shape = net::parse_shape(arguments.value("input"), "--input");
    if (!shape) return tl::make_unexpected(shape.error());
    input = *shape;
  }
  if (is_file(name)) return from_file(name, input, arguments);
  const auto entry = find_network(name);
  if (!entry) return tl::make_unexpected(entry.error());
  const net::Shape padded = padded_input(**entry, input);
  auto graph = build_network(name, padded);
  if (!graph) return tl::make_unexpected(graph.error());
  Wanted wanted{std::move(*graph), (*entry)->summary, (*entry)->source};
  if (padded != input)
    wanted.padding = "the input " + net::shape_text(input) + " is padded to multiples of " +
                     std::to_string((*entry)->multiple);
  return wanted;
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  if (arguments.positional.empty()) return list_networks(ports);
  if (arguments.positional.size() > 1)
    return fail(ErrorKind::bad_input, "one network at a time", "", "see ridgepoint network --help");
  const NetworkUse use{enum_from<net::Element>(arguments.value("precision")).value_or(net::Element::fp32),
                       enum_from<Phase>(arguments.value("phase")).value_or(Phase::inference)};
  if (auto ok = check_use(use); !ok) return tl::make_unexpected(ok.error());
  const auto wanted = find(arguments.positional.front(), arguments);
  if (!wanted) return tl::make_unexpected(wanted.error());
  if (arguments.has("as-workload"))
    return Output{make_document("workload", workload_of(wanted->graph, use, wanted->source)), "", 0, false};
  NetworkDescription d = describe(wanted->graph, use);
  d.provenance = ports.provenance;
  d.summary = wanted->summary;
  d.source = wanted->source;
  if (!wanted->padding.empty()) d.limits.insert(d.limits.begin(), wanted->padding);
  return Output{make_document("network", d), "", 0, false};
}

}  // namespace

extern const Command network_cmd;
const Command network_cmd{
    .name = "network",
    .summary = "a neural network's operators, work, traffic and memory; without a name, list them",
    .positional = "[NAME|FILE.onnx]",
    .options =
        {{"input", "SHAPE", "batch, channels and extents: 1x1x512x512x300", "", false, {}},
         {"precision", "TYPE", "of tensors and weights", "fp32", false, {"fp32", "bf16", "fp16", "int8"}},
         {"phase", "PHASE", "one pass, or one step", "inference", false, {"inference", "training"}},
         {"axis",
          "NAME=EXTENT",
          "pins a free axis of an ONNX file (may be given several times)",
          "",
          true,
          {}},
         {"as-workload", "", "a workload document instead, for recommend --workloads", "", false, {}}},
    .example = "ridgepoint network mlperf-3d-unet-kits19 --input 1x1x512x512x320 --phase training",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
