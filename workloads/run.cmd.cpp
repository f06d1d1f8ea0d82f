// SPDX-License-Identifier: Apache-2.0
// `ridgepoint run`: verify kernels, time them, write the document `runs`.
#include <algorithm>
#include <chrono>
#include <cmath>

#include "model/core/command.h"
#include "model/core/events.h"
#include "model/core/format.h"
#include "model/core/listing.h"
#include "model/core/machine.h"
#include "model/core/runs.h"
#include "model/core/team.h"
#include "workloads/cases.h"
#include "workloads/counted.h"
#include "workloads/growth.h"
#include "workloads/harness.h"
#include "workloads/kernel.h"

namespace ridgepoint {
namespace {

constexpr double kMinSampleSeconds = 0.05;

Output list_kernels(const Ports& ports) {
  Listing listing{
      ports.provenance, "Kernels", {"kernel", "class", "default shape", "input", "summary"}, {}, {}};
  for (const Kernel* k : kernels())
    listing.rows.push_back({k->id, k->kernel_class, k->default_shape, k->input, k->summary});
  return Output{make_document("listing", listing), "", 0, false};
}

/// Words name a kernel or a whole family; without words the starters, one of each family.
Result<std::vector<const Kernel*>> chosen(const std::vector<std::string>& ids, bool all) {
  std::vector<const Kernel*> list;
  if (ids.empty()) {
    std::ranges::copy_if(kernels(), std::back_inserter(list),
                         [&](const Kernel* k) { return all || k->starter; });
    return list;
  }
  std::vector<std::string> known;
  for (const Kernel* k : kernels()) known.push_back(k->id);
  for (const std::string& id : ids) {
    const std::size_t before = list.size();
    std::ranges::copy_if(kernels(), std::back_inserter(list),
                         [&](const Kernel* k) { return k->family == id; });
    if (list.size() > before) continue;
    const auto it = std::ranges::find(known, id);
    if (it == known.end()) {
      const std::string near = nearest(id, known);
      return fail(ErrorKind::bad_input, "there is no kernel '" + printable(id) + "'", "",
                  near.empty() ? "see ridgepoint run --list" : "did you mean '" + near + "'?");
    }
    list.push_back(kernels()[static_cast<std::size_t>(it - known.begin())]);
  }
  return list;
}

Result<std::int64_t> whole(const Arguments& arguments, const std::string& name, std::int64_t lo,
                           std::int64_t hi) {
  const auto v = parse_number(arguments.value(name), "--" + name);
  if (!v) return tl::make_unexpected(v.error());
  if (*v != std::trunc(*v) || *v < static_cast<double>(lo) || *v > static_cast<double>(hi))
    return fail(ErrorKind::bad_input, "--" + name + " " + arguments.value(name) + " is out of range", "",
                "give a whole number from " + std::to_string(lo) + " to " + std::to_string(hi));
  return static_cast<std::int64_t>(*v);
}

/// Processors to use: those this process may run on, no more than the machine document's cgroup quota allows.
Result<std::vector<int>> processors(const Arguments& arguments, const std::optional<Machine>& machine) {
  std::vector<int> cpus = allowed_cpus();
  if (arguments.has("threads")) {
    const auto n = whole(arguments, "threads", 1, std::ssize(cpus));
    if (!n) return tl::make_unexpected(n.error());
    cpus.resize(static_cast<std::size_t>(*n));
  } else if (machine) {
    const auto quota = number(machine->platform.facts, "cpu.cgroup.quota");
    if (quota && *quota < static_cast<double>(cpus.size()))
      cpus.resize(static_cast<std::size_t>(std::max(1.0, std::floor(*quota))));
  }
  return cpus;
}

void add_noise_warning(KernelRun& run) {
  double cpu = 0, wall = 0;
  for (const double v : run.cpu_s) cpu += v;
  for (const double v : run.wall_s) wall += v;
  const double share = cpu / (wall * static_cast<double>(run.threads));
  if (share < 0.85)
    run.warnings.push_back({"shared-processors",
                            "the kernel had " + show_percent(share) + " of its processors' time",
                            "run again on a quiet machine; other work was running"});
}

void add_counts(KernelRun& run, EventCounter& counter, const std::function<void()>& body) {
  Counted counted = count_kernel(counter, body, run.time_s.median);
  if (!counted.facts.empty()) run.counted = std::move(counted.facts);
  run.warnings.insert(run.warnings.end(), counted.warnings.begin(), counted.warnings.end());
}

/// Median seconds of a team that wakes, does nothing and is waited for.
double start_seconds(const std::vector<int>& cpus) {
  constexpr int kTimes = 301;
  Team team(cpus);
  std::vector<double> seconds;
  seconds.reserve(kTimes);
  for (int i = 0; i < kTimes; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    team.run([](int) {});
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return quantile(std::move(seconds), 0.5);
}

AdjacentShare share_of_roof(const AdjacentRoof& roof, std::vector<double> rates,
                            const std::vector<double>& wall_s) {
  std::vector<double> shares;
  shares.reserve(wall_s.size());
  for (std::size_t i = 0; i < wall_s.size(); ++i)
    shares.push_back(roof.quantity / wall_s[i] / ((rates[i] + rates[i + 1]) / 2));
  return {roof.name, roof.unit, roof.quantity, std::move(rates), summarise(std::move(shares))};
}

Result<KernelRun> run_one(const Kernel& kernel, const KernelRequest& request, int samples,
                          EventCounter* counter) {
  const auto prepared = kernel.prepare(request);
  // Data made in part give wrong answers: no fault of the kernel.
  if (Interrupt::requested())
    return fail(ErrorKind::interrupted, "kernel '" + kernel.id + "' was stopped while it made its data", "",
                "run it again");
  if (!prepared) return tl::make_unexpected(prepared.error());
  if (!prepared->verification.passed)
    return fail(
        ErrorKind::failed_check,
        "kernel '" + kernel.id + "' computed a wrong answer, so its time does not count",
        "error " + show_number(prepared->verification.error) + " against " + prepared->verification.reference,
        "report it with the output of ridgepoint doctor");
  Timings timed = time_kernel(kernel.id, *prepared, samples, kMinSampleSeconds);
  if (timed.trouble) return in_context("kernel '" + kernel.id + "'", *timed.trouble);
  if (timed.wall_s.empty())
    return fail(ErrorKind::interrupted, "kernel '" + kernel.id + "' was stopped before its first sample", "",
                "run it again");
  KernelRun run;
  run.id = kernel.id;
  run.family = kernel.family;
  run.kernel_class = kernel.kernel_class;
  run.shape = request.shape.text();
  run.dtype = prepared->dtype;
  run.isa = prepared->isa;
  run.threads = std::ssize(request.cpus);
  run.working_set_byte = prepared->working_set_byte;
  run.cost = prepared->cost;
  run.verification = prepared->verification;
  run.wall_s = std::move(timed.wall_s);
  run.cpu_s = std::move(timed.cpu_s);
  run.time_s = summarise(run.wall_s);
  if (prepared->roof && timed.roof_rate.size() > run.wall_s.size())
    run.roof = share_of_roof(*prepared->roof, std::move(timed.roof_rate), run.wall_s);
  run.warnings = prepared->warnings;
  run.repro = "ridgepoint run " + kernel.id + " --shape '" + run.shape + "' --threads " +
              std::to_string(run.threads) + " --seed " + std::to_string(request.seed) + " --samples " +
              std::to_string(samples);
  if (!request.input.empty()) run.repro += " --input '" + request.input + "'";
  add_noise_warning(run);
  if (counter != nullptr) add_counts(run, *counter, prepared->body);
  return run;
}

struct Job {
  const Kernel* kernel;
  Shape shape;
};

/// Each kernel at its default or the given shape; with --cases at each of its named sizes; with --case at
/// those of that name.
Result<std::vector<Job>> jobs_of(const std::vector<const Kernel*>& list, const Arguments& arguments,
                                 const std::string& configs) {
  std::vector<Job> jobs;
  const std::string name = arguments.value("case");
  if (arguments.has("growth")) {
    auto shapes =
        Shape::parse(arguments.value("shape"), list.front()->default_shape).and_then([&](const Shape& top) {
          return growth_shapes(top, arguments.value("growth"));
        });
    if (!shapes) return tl::make_unexpected(shapes.error());
    for (Shape& shape : *shapes) jobs.push_back({list.front(), std::move(shape)});
    return jobs;
  }
  for (const Kernel* kernel : list) {
    if (name.empty() && !arguments.has("cases")) {
      auto shape = Shape::parse(arguments.value("shape"), kernel->default_shape);
      if (!shape) return tl::make_unexpected(shape.error());
      jobs.push_back({kernel, std::move(*shape)});
      continue;
    }
    auto cases = load_cases(configs, *kernel);
    if (!cases) return tl::make_unexpected(cases.error());
    for (Case& c : *cases)
      if (name.empty() || c.name == name) jobs.push_back({kernel, std::move(c.shape)});
  }
  if (jobs.empty())
    return fail(ErrorKind::bad_input, "no kernel chosen has a case '" + printable(name) + "'", "",
                "see configs/cases");
  return jobs;
}

std::string reason_of(const Error& error) {
  return error.why.empty() ? error.what : error.what + " (" + error.why + ")";
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  if (arguments.has("list")) return list_kernels(ports);
  const auto list = chosen(arguments.positional, arguments.has("all"));
  const auto samples = whole(arguments, "samples", 1, 1000),
             seed = whole(arguments, "seed", 0, std::int64_t{1} << 52);
  if (!list) return tl::make_unexpected(list.error());
  if (!samples) return tl::make_unexpected(samples.error());
  if (!seed) return tl::make_unexpected(seed.error());
  const std::string input = arguments.value("input");
  if (!input.empty() && (list->size() != 1 || list->front()->input.empty()))
    return fail(ErrorKind::bad_input, "--input needs exactly one kernel that takes a file", "",
                "see the column 'input' of ridgepoint run --list");
  if ((arguments.has("shape") || arguments.has("growth")) && list->size() != 1)
    return fail(ErrorKind::bad_input, "--shape and --growth need exactly one kernel",
                "each kernel has its own keys",
                "name one, for example ridgepoint run sparse/spmv-csr --shape grid=64");
  std::optional<Machine> machine;
  if (arguments.has("machine")) {
    auto read = read_document_as<Machine>(arguments.value("machine"), "machine");
    if (!read) return tl::make_unexpected(read.error());
    machine = std::move(*read);
  }
  const auto memory = whole(arguments, "memory", 1 << 20, std::int64_t{1} << 50);
  if (!memory) return tl::make_unexpected(memory.error());
  const auto memory_limit = static_cast<double>(*memory);
  const auto cpus = processors(arguments, machine);
  if (!cpus) return tl::make_unexpected(cpus.error());

  RunSet set;
  set.provenance = ports.provenance;
  // Before any kernel starts threads, so that theirs count too.
  const auto counter = ports.events == nullptr ? nullptr : ports.events->count_self();
  if (ports.events != nullptr) set.missing = ports.events->missing();
  const double start_s = start_seconds(*cpus);
  set.machine_id = machine ? machine->platform.id : "this-machine";
  const auto jobs = jobs_of(*list, arguments, ports.configs);
  if (!jobs) return tl::make_unexpected(jobs.error());
  for (std::size_t i = 0; i < jobs->size(); ++i) {
    const Kernel& kernel = *(*jobs)[i].kernel;
    if (Interrupt::requested()) {
      set.skipped.push_back({kernel.id, "stopped by the user", "run it again"});
      continue;
    }
    ports.log.progress("run " + kernel.id, static_cast<double>(i) / static_cast<double>(jobs->size()));
    const KernelRequest request{.shape = (*jobs)[i].shape,
                                .cpus = *cpus,
                                .seed = static_cast<std::uint64_t>(*seed),
                                .memory_limit_byte = memory_limit,
                                .directory = arguments.value("dir"),
                                .input = input};
    auto one = run_one(kernel, request, static_cast<int>(*samples), counter.get());
    if (one) {
      one->start_s = start_s;
      set.runs.push_back(std::move(*one));
    } else if (one.error().kind == ErrorKind::unavailable || one.error().kind == ErrorKind::interrupted ||
               (one.error().kind == ErrorKind::bad_input && arguments.has("growth")))
      set.skipped.push_back({kernel.id, reason_of(one.error()), one.error().fix});
    else
      return tl::make_unexpected(one.error());
  }
  ports.log.progress("runs done", 1);
  set.interrupted = Interrupt::requested();
  if (arguments.has("growth")) set.growth = growth_of(list->front()->id, arguments.value("growth"), set.runs);
  // Nothing of what was asked for could run here: the document says why, and so does the exit.
  const bool missing = set.runs.empty() && !set.skipped.empty() && !set.interrupted;
  return Output{make_document("runs", set), "", missing ? exit_code(ErrorKind::unavailable) : 0,
                set.interrupted};
}

}  // namespace

extern const Command run_cmd;
const Command run_cmd{
    .name = "run",
    .summary = "verify and time the kernels on this machine",
    .positional = "[KERNEL|FAMILY...]",
    .options =
        {{"list", "", "list the kernels and stop", "", false, {}},
         {"shape", "'KEY=N ...'", "another size, for one kernel", "", false, {}},
         {"growth", "KEY", "two sizes a decade, over four decades up to that of the shape", "", false, {}},
         {"threads", "N", "threads; default: every allowed processor", "", false, {}},
         {"case", "NAME", "the named size of configs/cases", "", false, {}},
         {"cases", "", "every named size of each kernel", "", false, {}},
         {"all", "", "every kernel; default: one of each family", "", false, {}},
         {"input", "FILE", "the user's file, for a kernel that takes one", "", false, {}},
         {"memory", "BYTES", "most memory for a kernel's data", "4e9", false, {}},
         {"dir", "FOLDER", "where temporary files go; default: $TMPDIR, else /var/tmp", "", false, {}},
         {"samples", "N", "samples of each kernel", "11", false, {}},
         {"seed", "N", "seed of the random data", "1", false, {}},
         {"machine", "FILE", "a machine document (its CPU quota is respected)", "", false, {}}},
    .example = "ridgepoint run sparse/spmv-csr --shape grid=64 --json",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
