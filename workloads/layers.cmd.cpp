// SPDX-License-Identifier: Apache-2.0
// `ridgepoint layers`: run a built-in network and tell where its time goes.
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/listing.h"
#include "model/core/team.h"
#include "model/networks/library.h"
#include "model/networks/measure.h"
#include "workloads/dnn/executor.h"

namespace ridgepoint {
namespace {

/// Bytes of this process in memory; 0 where the system does not tell.
double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0, resident = 0;
  return file >> pages >> resident ? resident * static_cast<double>(sysconf(_SC_PAGESIZE)) : 0;
}

struct Asked {
  net::Graph graph;
  ExecutorOptions options;
  int rounds = 5;
};

Result<Asked> asked(const Arguments& arguments) {
  if (arguments.positional.size() != 1)
    return fail(ErrorKind::bad_input, "layers needs one network", "", "see ridgepoint network");
  net::Shape shape;
  if (arguments.has("input")) {
    const auto parsed = net::parse_shape(arguments.value("input"), "--input");
    if (!parsed) return tl::make_unexpected(parsed.error());
    shape = *parsed;
  }
  auto graph = build_network(arguments.positional.front(), shape);
  if (!graph) return tl::make_unexpected(graph.error());
  const auto memory = parse_number(arguments.value("memory"), "--memory");
  if (!memory) return tl::make_unexpected(memory.error());
  Asked a{.graph = std::move(*graph), .options = {}};
  a.options.threads = static_cast<int>(allowed_cpus().size());
  if (arguments.has("threads")) {
    const auto threads = parse_number(arguments.value("threads"), "--threads");
    if (!threads) return tl::make_unexpected(threads.error());
    if (*threads != std::trunc(*threads) || *threads < 1 || *threads > a.options.threads)
      return fail(ErrorKind::bad_input, "--threads " + arguments.value("threads") + " is out of range", "",
                  "give a whole number from 1 to " + std::to_string(a.options.threads));
    a.options.threads = static_cast<int>(*threads);
  }
  a.options.element = *enum_from<net::Element>(arguments.value("precision"));
  a.options.memory_limit_byte = *memory;
  if (arguments.has("training"))
    a.options.training = TrainingOptions{
        .loss = arguments.value("training") == "detector" ? LossKind::detector : LossKind::cross_entropy};
  return a;
}

/// Median seconds of every unit over the rounds, after one that does not count.
Result<std::vector<double>> time_units(Executor& executor, int rounds) {
  std::vector<std::vector<double>> seconds(executor.units().size());
  for (int round = 0; round <= rounds; ++round)
    for (std::size_t u = 0; u < seconds.size(); ++u) {
      if (Interrupt::requested())
        return fail(ErrorKind::interrupted, "the network was stopped", "", "run it again");
      const auto start = std::chrono::steady_clock::now();
      if (auto ok = executor.run_unit(u); !ok) return tl::make_unexpected(ok.error());
      if (round == 0) continue;
      seconds[u].push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
  std::vector<double> medians;
  for (auto& list : seconds) {
    std::ranges::nth_element(list, list.begin() + rounds / 2);
    medians.push_back(list[static_cast<std::size_t>(rounds / 2)]);
  }
  return medians;
}

void add_rows(Listing& listing, const Executor& executor, const std::vector<double>& seconds, double roof) {
  double all = 0;
  for (const double s : seconds) all += s;
  for (std::size_t u = 0; u < seconds.size(); ++u) {
    const Unit& unit = executor.units()[u];
    const double rate = unit.flop / seconds[u];
    listing.rows.push_back({unit.name, std::string(name_of(unit.phase)), show_seconds(seconds[u]),
                            show_percent(seconds[u] / all), unit.flop > 0 ? show_rate(rate, "FLOP/s") : "-",
                            unit.flop > 0 && roof > 0 ? show_percent(rate / roof) : "-",
                            show_rate(unit.byte / seconds[u], "B/s"),
                            unit.implementation + (unit.reference ? " (!)" : "")});
  }
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  auto a = asked(arguments);
  if (!a) return tl::make_unexpected(a.error());
  const NetworkValues values = random_values(a->graph, 1);
  const double before = resident_bytes();
  auto executor = make_executor(a->graph, values, a->options);
  if (!executor) return tl::make_unexpected(executor.error());
  for (std::size_t i = 0; a->options.training && i < a->graph.outputs.size(); ++i) {
    const auto& shape = a->graph.tensors[static_cast<std::size_t>(a->graph.outputs[i])].shape;
    (*executor)->set_target(i, random_target(a->options.training->loss, extents_of(shape), 11 + i));
  }
  const auto seconds = time_units(**executor, a->rounds);
  if (!seconds) return tl::make_unexpected(seconds.error());
  const double used = resident_bytes() - before;
  const AdjacentRoof matmul = matmul_roof(a->options.threads, a->options.element, 0);
  const double roof = matmul.rate ? matmul.rate() : 0;

  Listing listing{ports.provenance,
                  "Layers of " + a->graph.name + " at " +
                      net::shape_text(a->graph.tensors[static_cast<std::size_t>(a->graph.inputs[0])].shape),
                  {"unit", "phase", "time", "share", "rate", "of matmul", "traffic", "implementation"},
                  {},
                  {}};
  add_rows(listing, **executor, *seconds, roof);
  double all = 0, flop = 0;
  int slow = 0;
  for (std::size_t u = 0; u < seconds->size(); ++u) {
    all += (*seconds)[u];
    flop += (*executor)->units()[u].flop;
    slow += (*executor)->units()[u].reference ? 1 : 0;
  }
  const PlannedMemory& m = (*executor)->memory();
  listing.notes.push_back("all: " + show_seconds(all) + ", " + show_rate(flop / all, "FLOP/s") + ", matmul " +
                          show_rate(roof, "FLOP/s") + ", " + std::to_string(a->options.threads) +
                          " threads, medians of " + std::to_string(a->rounds) + " rounds");
  listing.notes.push_back("memory planned " + show_bytes(m.total()) + " (arena " + show_bytes(m.arena_byte) +
                          ", without sharing " + show_bytes(m.unshared_byte) + "; weights " +
                          show_bytes(m.weight_byte) + "), measured " + show_bytes(used));
  if (slow > 0)
    listing.notes.push_back("warning: " + std::to_string(slow) +
                            " units run oneDNN's reference implementation, marked (!)");
  return Output{make_document("listing", listing), "", 0, false};
}

}  // namespace

extern const Command layers_cmd;
const Command layers_cmd{
    .name = "layers",
    .summary = "run a built-in network on this machine and show the time of each layer",
    .positional = "NETWORK",
    .options =
        {{"input",
          "SHAPE",
          "batch, channels, extents joined by x; default: the network's own",
          "",
          false,
          {}},
         {"precision", "NAME", "element type", "fp32", false, {"fp32", "bf16"}},
         {"training", "LOSS", "a training step with this loss", "", false, {"cross-entropy", "detector"}},
         {"threads", "N", "threads; default: every allowed processor", "", false, {}},
         {"memory", "BYTES", "most memory for the plan", "4e9", false, {}}},
    .example = "ridgepoint layers mlperf-3d-unet-kits19 --input 1x1x64x64x64",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
