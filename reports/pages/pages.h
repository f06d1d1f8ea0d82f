// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reports/page.h"

// One function a kind of document, each in its own file: what the report of that document says.

namespace ridgepoint::report {

Result<Page> calibration_page(const Document& document);
Result<Page> assumptions_page(const Document& document);
Result<Page> claims_page(const Document& document);
Result<Page> comparison_page(const Document& document);
Result<Page> cost_page(const Document& document);
Result<Page> doctor_page(const Document& document);
Result<Page> fit_page(const Document& document);
Result<Page> listing_page(const Document& document);
Result<Page> machine_page(const Document& document);
Result<Page> network_page(const Document& document);
Result<Page> peers_page(const Document& document);
Result<Page> phantom_page(const Document& document);
Result<Page> pipeline_page(const Document& document);
Result<Page> platform_page(const Document& document);
Result<Page> plan_page(const Document& document);
Result<Page> prices_page(const Document& document);
Result<Page> profile_page(const Document& document);
Result<Page> recommendation_page(const Document& document);
Result<Page> runs_page(const Document& document);
Result<Page> validation_page(const Document& document);
Result<Page> scenario_page(const Document& document);
Result<Page> study_page(const Document& document);
Result<Page> sweep_page(const Document& document);
Result<Page> volume_page(const Document& document);
Result<Page> workload_page(const Document& document);

}  // namespace ridgepoint::report
