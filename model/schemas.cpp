// SPDX-License-Identifier: Apache-2.0
#include "model/schemas.h"

#include "model/core/calibration.h"
#include "model/core/claims.h"
#include "model/core/comparison.h"
#include "model/core/cost.h"
#include "model/core/doctor.h"
#include "model/core/fit.h"
#include "model/core/listing.h"
#include "model/core/machine.h"
#include "model/core/network.h"
#include "model/core/peers.h"
#include "model/core/phantom.h"
#include "model/core/pipeline.h"
#include "model/core/plan.h"
#include "model/core/prices.h"
#include "model/core/profile.h"
#include "model/core/recommendation.h"
#include "model/core/rows.h"
#include "model/core/runs.h"
#include "model/core/scenario.h"
#include "model/core/schema.h"
#include "model/core/study.h"
#include "model/core/sweep.h"
#include "model/core/validation.h"
#include "model/core/volume.h"
#include "model/core/workload.h"

namespace ridgepoint {
namespace {

/// The rows that the JSON of an answer carries beside its data.
std::map<std::string, Json> with_rows(std::map<std::string, Json> schemas) {
  for (auto& [kind, schema] : schemas)
    if (carries_tidy_rows(kind)) schema["properties"]["rows"] = schema_of<std::vector<TidyRow>>();
  return schemas;
}

}  // namespace

const std::map<std::string, Json>& generated_schemas() {
  static const std::map<std::string, Json> table = with_rows(
      {{"assumptions", document_schema<Assumptions>("assumptions", "What a cost depends on beside prices")},
       {"calibration", document_schema<Calibration>("calibration", "A fit of the time law and its errors")},
       {"claims", document_schema<ClaimSheet>("claims", "Statements about platforms, tested for a date")},
       {"comparison", document_schema<Comparison>("comparison", "Two measurements compared")},
       {"cost", document_schema<CostSheet>("cost", "What a platform, or a job on it, costs")},
       {"doctor", document_schema<Diagnosis>("doctor", "What can and cannot be measured here")},
       {"fit", document_schema<FitStudy>("fit", "Does a network fit, and what does each way out cost")},
       {"listing", document_schema<Listing>("listing", "A plain table")},
       {"machine", document_schema<Machine>("machine", "A probed machine")},
       {"network", document_schema<NetworkDescription>("network", "A neural network at one shape")},
       {"peers", document_schema<PeerComparison>("peers", "Kernels beside the programs people use")},
       {"phantom", document_schema<PhantomTruth>("phantom", "The truth about a generated CT scan")},
       {"pipeline", document_schema<PipelineRun>("pipeline", "A medical image from file to findings")},
       {"plan", document_schema<Plan>("plan", "What to buy, rent, keep and retire")},
       {"prices", document_schema<PriceFile>("prices", "What one provider asked, and when")},
       {"profile", document_schema<Profile>("profile", "What one run of a program used")},
       {"recommendation",
        document_schema<Recommendation>("recommendation", "Platforms ranked for workloads")},
       {"runs", document_schema<RunSet>("runs", "Kernels verified and timed on a machine")},
       {"scenario", document_schema<Scenario>("scenario", "A capacity question")},
       {"study", document_schema<StudyReport>("study", "A case study reproduced on generated data")},
       {"sweep", document_schema<Sweep>("sweep", "One input varied, and where the best platform changes")},
       {"validation", document_schema<Validation>("validation", "Predictions beside published results")},
       {"volume", document_schema<VolumeDescription>("volume", "What a medical image is")},
       {"workload", document_schema<Workload>("workload", "A job, independent of any platform")},
       {"workload-set", document_schema<WorkloadSet>("workload-set", "Definitions of several jobs")}});
  return table;
}

}  // namespace ridgepoint
