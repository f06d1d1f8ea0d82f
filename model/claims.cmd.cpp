// SPDX-License-Identifier: Apache-2.0
// `ridgepoint claims`: statements about platforms, tested for their date and for today's catalogue.
#include <algorithm>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/core/format.h"
#include "model/decision/claim.h"
#include "model/estimate.h"

namespace ridgepoint {
namespace {

constexpr const char* kLatest = "2026-06";

struct Bench {
  std::vector<Platform> platforms;
  std::vector<Workload> workloads;
  std::shared_ptr<const Calibration> calibration;
};

Result<std::vector<Claim>> load_claims(const std::string& folder) {
  const auto files = list_files(folder, ".json");
  if (!files) return tl::make_unexpected(files.error());
  std::vector<Claim> claims;
  for (const std::string& file : *files) {
    auto claim = read_text_file(file)
                     .and_then([&](const std::string& text) { return parse_json(text, file); })
                     .and_then([&](const Json& json) { return decode<Claim>(json, file); });
    if (!claim) return tl::make_unexpected(claim.error());
    if (!is_month(claim->as_of) || (claim->since && !is_month(*claim->since)) || claim->margin <= 0)
      return fail(ErrorKind::bad_input, "'" + file + "' has a date that is no month, or no positive margin",
                  "", "write YYYY-MM and a factor such as 1");
    claims.push_back(std::move(*claim));
  }
  return claims;
}

Result<std::vector<ClaimResult>> results_of(const Claim& claim, const std::string& as_of,
                                            const Bench& bench) {
  EstimateContext context{as_of, claim.objective, efficiencies({}), ""};
  context.calibration = bench.calibration;
  std::vector<ClaimResult> out;
  for (const std::string& id : claim.workloads) {
    const auto w = std::ranges::find(bench.workloads, id, &Workload::id);
    if (w == bench.workloads.end())
      return fail(ErrorKind::bad_input, "the claim '" + claim.id + "' names no known workload: '" + id + "'",
                  "", "see ridgepoint workloads");
    Answer answer;
    answer.workload_id = id;
    std::vector<bool> claimed, against;
    for (const Platform& p : bench.platforms) {
      answer.estimates.push_back(estimate(*w, p, context));
      claimed.push_back(claim_matches(claim.claimed, p));
      against.push_back(!claimed.back() && (claim.against.empty() || claim_matches(claim.against, p)));
    }
    out.push_back(judge(answer, claim.objective, claimed, against, claim.margin));
  }
  return out;
}

Result<ClaimFinding> finding_of(const Claim& claim, const std::string& as_of, const Bench& bench) {
  auto now = results_of(claim, as_of, bench);
  if (!now) return tl::make_unexpected(now.error());
  ClaimFinding f{claim.id,     claim.text,      claim.source, as_of, claim.since, claim.objective,
                 claim.margin, judge_all(*now), {},           {},    {}};
  if (std::ranges::any_of(*now, [](const ClaimResult& r) {
        return r.probability || r.judgement == Judgement::does_not_hold;
      }))
    f.expected_wins = expected_wins(*now);
  if (claim.since) {
    const auto then = results_of(claim, *claim.since, bench);
    if (!then) return tl::make_unexpected(then.error());
    f.judgement = judge_growth(*then, *now);
    f.expected_wins_since = expected_wins(*then);
  }
  f.results = std::move(*now);
  return f;
}

std::vector<std::string> method() {
  return {
      "a claim names a set of platforms; every platform on sale at the month is estimated for each workload",
      "it holds from a chance of 90 % that the best is of the set, within the claim's margin, and does not "
      "hold "
      "up to 10 %; between them, and where the set lacks a figure, nobody can tell",
      "over several workloads it holds when it holds for each, and fails when it holds for none",
      "a claim of growth: the expected number of workloads won must have changed by at least half a "
      "workload"};
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const auto folder = [&](const char* name) {
    return arguments.has(name) ? arguments.value(name) : ports.configs + "/" + name;
  };
  const auto claims = load_claims(folder("claims"));
  if (!claims) return tl::make_unexpected(claims.error());
  auto platforms = load_platforms(folder("platforms"));
  if (!platforms) return tl::make_unexpected(platforms.error());
  auto workloads = load_workloads(folder("workloads"));
  if (!workloads) return tl::make_unexpected(workloads.error());
  auto calibration = load_calibration(ports.configs);
  if (!calibration) return tl::make_unexpected(calibration.error());
  const Bench bench{std::move(*platforms), std::move(*workloads), std::move(*calibration)};
  ClaimSheet sheet{ports.provenance, {}, method()};
  for (const Claim& claim : *claims) {
    std::vector<std::string> dates = arguments.all("as-of");
    if (dates.empty()) dates = {claim.as_of, kLatest};
    for (const std::string& date : dates) {
      if (!is_month(date))
        return fail(ErrorKind::bad_input, "--as-of '" + printable(date) + "' is not a month", "",
                    "write YYYY-MM, for example 2017-06");
      auto finding = finding_of(claim, date, bench);
      if (!finding) return tl::make_unexpected(finding.error());
      sheet.findings.push_back(std::move(*finding));
    }
  }
  return Output{make_document("claims", sheet), "", 0, false};
}

}  // namespace

extern const Command claims_cmd;
const Command claims_cmd{
    .name = "claims",
    .summary = "test statements about platforms: holds, does not hold, cannot tell",
    .positional = "",
    .options = {{"as-of", "YYYY-MM", "for these months; default: each claim's own and 2026-06", "", true, {}},
                {"claims", "DIR", "another folder of claims", "", false, {}},
                {"platforms", "DIR", "another catalogue folder", "", false, {}},
                {"workloads", "DIR", "another workload folder", "", false, {}}},
    .example = "ridgepoint claims --as-of 2017-06",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
