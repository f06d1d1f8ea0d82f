// SPDX-License-Identifier: Apache-2.0
#include "reports/benchmark_list.h"
#include "reports/renderer.h"

namespace ridgepoint {
namespace {

Result<std::string> render(const Document& document) {
  return report::benchmark_list(document, report::Better::lower);
}

}  // namespace

extern const Renderer github_action_benchmark_renderer;
const Renderer github_action_benchmark_renderer{
    .id = "github-action-benchmark",
    .suffix = ".smaller.json",
    .summary = "For github-action-benchmark, times, money, energy: tool customSmallerIsBetter",
    .render = render,
    .figures_only = true};

}  // namespace ridgepoint
