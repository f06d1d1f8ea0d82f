// SPDX-License-Identifier: Apache-2.0
#include "reports/benchmark_list.h"
#include "reports/renderer.h"

namespace ridgepoint {
namespace {

Result<std::string> render(const Document& document) {
  return report::benchmark_list(document, report::Better::higher);
}

}  // namespace

extern const Renderer github_action_benchmark_rates_renderer;
const Renderer github_action_benchmark_rates_renderer{
    .id = "github-action-benchmark-rates",
    .suffix = ".bigger.json",
    .summary = "For github-action-benchmark, rates: tool customBiggerIsBetter",
    .render = render,
    .figures_only = true};

}  // namespace ridgepoint
