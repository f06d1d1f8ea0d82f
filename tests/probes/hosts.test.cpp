// SPDX-License-Identifier: Apache-2.0
// Every machine below tests/hosts against its golden answer. A new machine is a new folder;
// RIDGEPOINT_UPDATE_GOLDENS=1 writes its expected.json. A fact is one line there: value, unit, basis, source.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "model/core/random.h"
#include "probes/cgroup.h"
#include "probes/doctor_checks.h"
#include "probes/host.h"
#include "tests/probes/support/golden.h"
#include "tests/probes/support/map_host.h"
#include "tests/probes/support/recorded.h"

namespace ridgepoint {
namespace {

using test::kHosts;
using test::kHostSources;
using test::MapHost;
using test::QuietLog;
using test::recorded_hosts;
using test::run_probe;

const std::vector<std::string> kReading = {"identity", "topology", "memory"};

std::string in_one_line(const Fact& fact) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.15g", fact.is_number() ? fact.number() : 0);
  const std::string value = fact.is_number() ? digits : fact.text();
  std::string text = value + (fact.is_number() && fact.unit != "1" ? " " + fact.unit : "");
  return text + " (" + std::string(name_of(fact.basis)) + "; " + fact.source + ")";
}

Json answer_of(const Host& host, const Topology& topology) {
  Json out = Json::object();
  Facts facts;
  std::vector<Warning> warnings;
  for (const std::string& id : kReading) {
    const ProbeOutcome outcome = run_probe(id, host, topology);
    out["probes"][id] = std::string(name_of(outcome.status)) +
                        (outcome.reason.empty() ? "" : ": " + outcome.reason + "; " + outcome.fix);
    facts.insert(outcome.facts.begin(), outcome.facts.end());
    warnings.insert(warnings.end(), outcome.warnings.begin(), outcome.warnings.end());
  }
  for (const auto& [key, fact] : facts) out["facts"][key] = in_one_line(fact);
  for (const Warning& w : warnings) out["warnings"].push_back(w.code + ": " + w.what + "; " + w.fix);
  QuietLog log;
  const ProbeContext context{host, topology, Level::quick, 0, log};
  for (const auto check : {check_huge_pages, check_frequency, check_memory, check_cgroup, check_accelerators,
                           check_virtualisation, check_smt, check_shared_memory, check_mitigations}) {
    const Finding f = check(context);
    const std::string health = std::string(name_of(f.health)) + ": " + f.evidence;
    out["doctor"][f.id] = f.cost.empty() ? health : health + " | " + f.cost + " | " + f.fix;
  }
  return out;
}

class RecordedHost : public testing::TestWithParam<std::string> {};

TEST_P(RecordedHost, AnswersAsExpected) {
  const RootedHost host(kHosts + "/" + GetParam());
  const auto topology = load_topology("", host);
  ASSERT_TRUE(topology) << topology.error().what;
  test::expect_golden(answer_of(host, *topology), kHostSources + "/" + GetParam() + "/expected.json");
}

TEST_P(RecordedHost, GivesFactsThatEveryDocumentTakes) {
  const RootedHost host(kHosts + "/" + GetParam());
  const auto topology = load_topology("", host);
  ASSERT_TRUE(topology);
  for (const std::string& id : kReading)
    for (const auto& [key, fact] : run_probe(id, host, *topology).facts) {
      const auto checked = check_fact(key, fact);
      EXPECT_TRUE(checked) << checked.error().what;
      EXPECT_EQ(fact.source.find(RIDGEPOINT_SOURCE_DIR), std::string::npos) << key;
    }
}

/// The tree's small files in memory, so that they can be damaged.
MapHost load_files(const std::string& root) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    if (const auto end = entry.path().extension();
        entry.is_regular_file() && end != ".json" && end != ".xml" && end != ".md") {
      std::ifstream in(entry.path(), std::ios::binary);
      files[std::filesystem::relative(entry.path(), root).string()] =
          std::string(std::istreambuf_iterator<char>(in), {});
    }
  return MapHost(std::move(files));
}

std::string damaged(std::string text, std::uint64_t seed, std::uint64_t turn) {
  const auto pick = [&](std::uint64_t salt, std::size_t below) {
    return static_cast<std::size_t>(random_below(seed + salt, turn, static_cast<std::uint32_t>(below)));
  };
  const std::string_view hostile[] = {
      "-1",   "99999999999999999999", "\xff\xfe", std::string_view("\0", 1), "\n\n", ":", "nan", "1e999",
      "../.."};
  const std::size_t at = pick(1, text.size() + 1);
  switch (pick(2, 4)) {
    case 0:
      return text.substr(0, at);
    case 1:
      return text.insert(at, hostile[pick(3, std::size(hostile))]);
    case 2:
      return text.empty() ? "x" : text.replace(pick(4, text.size()), 1, 1, static_cast<char>(pick(5, 256)));
    default:
      return std::string(hostile[pick(3, std::size(hostile))]);
  }
}

TEST_P(RecordedHost, DamagedStillGivesOnlyValidFacts) {
  constexpr std::uint64_t kSeed = 20261123;
  const std::string root = kHosts + "/" + GetParam();
  const auto topology = load_topology("", RootedHost(root));
  ASSERT_TRUE(topology);
  const MapHost whole = load_files(root);
  for (std::uint64_t turn = 0; turn < 150; ++turn) {
    MapHost host = whole;
    if (host.files().empty()) return;
    for (std::uint64_t hit = 0; hit < 3; ++hit) {
      auto it = host.files().begin();
      std::advance(it, random_below(kSeed + hit, turn, static_cast<std::uint32_t>(host.files().size())));
      it->second = damaged(it->second, kSeed + hit, turn);
    }
    const Json answer = answer_of(host, *topology);
    EXPECT_TRUE(dump_json(answer)) << "turn " << turn;
    for (const std::string& id : kReading)
      for (const auto& [key, fact] : run_probe(id, host, *topology).facts)
        EXPECT_TRUE(check_fact(key, fact)) << "turn " << turn << ": " << key;
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, RecordedHost, testing::ValuesIn(recorded_hosts()), test_name);

}  // namespace
}  // namespace ridgepoint
