// SPDX-License-Identifier: Apache-2.0
// `ridgepoint profile`: run somebody's program and say what it used, as far as that can be known.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/team.h"
#include "probes/cgroup.h"
#include "probes/host.h"
#include "probes/parse.h"
#include "probes/profile_parts.h"

namespace ridgepoint {
namespace {

using std::chrono::milliseconds;

/// Watching may take this share of one processor; where a look costs more, looks become rarer.
constexpr int kRest = 50;
constexpr milliseconds kInterval{50}, kLongest{1000};

double own_cpu_s() {
  rusage u{};
  ::getrusage(RUSAGE_SELF, &u);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(u.ru_utime) + seconds(u.ru_stime);
}

double resident_byte(const Host& host, pid_t pid) {
  const auto lines = parse_colon_lines(host.read("proc/" + std::to_string(pid) + "/status").value_or(""));
  const auto it = lines.find("VmHWM");
  const auto parts = it == lines.end() ? std::vector<std::string>() : words(it->second);
  const auto kib = parts.empty() ? std::nullopt : parse_count(parts[0]);
  return kib ? static_cast<double>(*kib) * 1024 : 0;
}

double allowed(const Host& host) {
  const auto cpus = static_cast<double>(allowed_cpus().size());
  const auto quota = read_cgroup(host).cpus;
  return quota ? std::min(cpus, quota->value) : cpus;
}

Result<RunReading> watch(const std::vector<std::string>& words, EventSource* events) {
  const RootedHost host("/");
  RunReading reading;
  reading.allowed_cpus = allowed(host);
  auto child = ChildCommand::prepare(words);
  if (!child) return tl::make_unexpected(child.error());
  const auto counter = events == nullptr ? nullptr : events->count_from_exec(child->pid());
  reading.image_byte = resident_byte(host, child->pid());
  ProcessTree tree(host, child->pid(), ::getpid());
  reading.before = read_surroundings(host);
  const double own_before = own_cpu_s();
  if (auto started = child->go(); !started) return tl::make_unexpected(started.error());

  auto last_totals = std::chrono::steady_clock::now();
  reading.end = child->wait({.interval = kInterval,
                             .look =
                                 [&](milliseconds& interval) {
                                   const auto begin = std::chrono::steady_clock::now();
                                   tree.sample();
                                   if (counter && begin - last_totals > std::chrono::seconds(10)) {
                                     (void)counter->totals();  // energy counters wrap
                                     last_totals = begin;
                                   }
                                   const auto cost = std::chrono::steady_clock::now() - begin;
                                   interval =
                                       std::clamp(std::chrono::duration_cast<milliseconds>(cost * kRest),
                                                  kInterval, kLongest);
                                 },
                             .ended =
                                 [&](pid_t pid) {
                                   tree.read_io(pid);
                                   if (pid == child->pid() && counter) reading.totals = counter->totals();
                                 }});
  reading.after = read_surroundings(host);
  reading.own_cpu_s = own_cpu_s() - own_before;
  reading.peak = tree.peak();
  reading.states = tree.states();
  reading.survivors = tree.read_survivors();
  reading.io = tree.io();
  return reading;
}

Result<std::optional<double>> amount(const Arguments& arguments, const std::string& name,
                                     const std::function<Result<double>(const std::string&)>& parse) {
  if (!arguments.has(name)) return std::nullopt;
  const auto value = parse(arguments.value(name));
  if (!value) return tl::make_unexpected(value.error());
  if (*value <= 0)
    return fail(ErrorKind::bad_input, "--" + name + " " + arguments.value(name) + " is out of range", "",
                "give a number above 0, or leave it out where it is not known");
  return *value;
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  if (arguments.positional.empty() || arguments.positional.front().empty())
    return fail(ErrorKind::bad_input, "no command was given", "", "ridgepoint profile -- COMMAND [WORD...]");
  const auto flop = amount(arguments, "flop", [](const std::string& t) { return parse_number(t, "--flop"); });
  const auto byte = amount(arguments, "byte", [](const std::string& t) { return parse_bytes(t); });
  if (!flop) return tl::make_unexpected(flop.error());
  if (!byte) return tl::make_unexpected(byte.error());
  std::optional<Machine> machine;
  if (arguments.has("machine")) {
    auto read = read_document_as<Machine>(arguments.value("machine"), "machine");
    if (!read) return tl::make_unexpected(read.error());
    machine = std::move(*read);
  }
  Profile profile;
  profile.provenance = ports.provenance;
  profile.words = arguments.positional;
  if (ports.events != nullptr) profile.missing = ports.events->missing();

  const auto reading = watch(arguments.positional, ports.events);
  if (!reading) return tl::make_unexpected(reading.error());
  profile.exit_code = reading->end.code;
  profile.signal = reading->end.signal;
  profile.facts = run_facts(*reading);
  profile.warnings = run_warnings(*reading);
  if (!reading->io)
    profile.missing.push_back({"I/O", "the kernel does not show /proc/<pid>/io of it",
                               "a kernel with CONFIG_TASK_IO_ACCOUNTING; a program of the same user"});
  profile.roofline = place(profile.facts, {*flop, *byte}, machine, profile.missing);
  std::ranges::move(roof_warnings(profile.roofline), std::back_inserter(profile.warnings));
  Verdict verdict = judge(profile.facts, profile.roofline);
  profile.bound = verdict.bound;
  profile.evidence = std::move(verdict.evidence);
  Output output{make_document("profile", profile), "", reading->end.shell_code(), false};
  output.stdout_is_taken = true;
  return output;
}

}  // namespace

extern const Command profile_cmd;
const Command profile_cmd{
    .name = "profile",
    .summary = "run a program, report what it used; exit as it does, page on stderr",
    .positional = "-- COMMAND [WORD...]",
    .options =
        {{"flop", "N", "floating-point operations of the run, where nothing counts them", "", false, {}},
         {"byte", "N", "memory traffic of the run (4096, 8GiB), likewise", "", false, {}},
         {"machine", "FILE", "a machine document with the roofs", "", false, {}}},
    .example = "ridgepoint profile --out run.json -- ./solver input.dat",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
