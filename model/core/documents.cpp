// SPDX-License-Identifier: Apache-2.0
// The codecs of all document types, compiled once: they are the heaviest templates of the program.
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
#include "model/core/platform.h"
#include "model/core/prices.h"
#include "model/core/profile.h"
#include "model/core/recommendation.h"
#include "model/core/rows.h"
#include "model/core/runs.h"
#include "model/core/scenario.h"
#include "model/core/study.h"
#include "model/core/sweep.h"
#include "model/core/validation.h"
#include "model/core/volume.h"
#include "model/core/workload.h"

namespace ridgepoint {

template Json encode(const std::vector<TidyRow>&);
template Json encode(const Comparison&);
template Result<Comparison> decode<Comparison>(const Json&, const std::string&);
template Json encode(const Machine&);
template Result<Machine> decode<Machine>(const Json&, const std::string&);
template Json encode(const FitStudy&);
template Result<FitStudy> decode<FitStudy>(const Json&, const std::string&);
template Json encode(const PeerComparison&);
template Result<PeerComparison> decode<PeerComparison>(const Json&, const std::string&);
template Json encode(const Profile&);
template Result<Profile> decode<Profile>(const Json&, const std::string&);
template Json encode(const StudyReport&);
template Result<StudyReport> decode<StudyReport>(const Json&, const std::string&);
template Json encode(const ClaimSheet&);
template Result<ClaimSheet> decode<ClaimSheet>(const Json&, const std::string&);
template Json encode(const Sweep&);
template Result<Sweep> decode<Sweep>(const Json&, const std::string&);
template Json encode(const RunSet&);
template Result<RunSet> decode<RunSet>(const Json&, const std::string&);
template Json encode(const Validation&);
template Result<Validation> decode<Validation>(const Json&, const std::string&);
template Json encode(const VolumeDescription&);
template Result<VolumeDescription> decode<VolumeDescription>(const Json&, const std::string&);
template Json encode(const Workload&);
template Result<Workload> decode<Workload>(const Json&, const std::string&);
template Json encode(const WorkloadSet&);
template Result<WorkloadSet> decode<WorkloadSet>(const Json&, const std::string&);
template Json encode(const Calibration&);
template Result<Calibration> decode<Calibration>(const Json&, const std::string&);
template Json encode(const Recommendation&);
template Result<Recommendation> decode<Recommendation>(const Json&, const std::string&);
template Json encode(const NetworkDescription&);
template Result<NetworkDescription> decode<NetworkDescription>(const Json&, const std::string&);
template Json encode(const Platform&);
template Result<Platform> decode<Platform>(const Json&, const std::string&);
template Json encode(const CostSheet&);
template Result<CostSheet> decode<CostSheet>(const Json&, const std::string&);
template Json encode(const PriceFile&);
template Result<PriceFile> decode<PriceFile>(const Json&, const std::string&);
template Json encode(const Assumptions&);
template Result<Assumptions> decode<Assumptions>(const Json&, const std::string&);
template Json encode(const Diagnosis&);
template Result<Diagnosis> decode<Diagnosis>(const Json&, const std::string&);
template Json encode(const Listing&);
template Result<Listing> decode<Listing>(const Json&, const std::string&);
template Json encode(const Scenario&);
template Result<Scenario> decode<Scenario>(const Json&, const std::string&);
template Json encode(const PhantomTruth&);
template Result<PhantomTruth> decode<PhantomTruth>(const Json&, const std::string&);
template Json encode(const PipelineRun&);
template Result<PipelineRun> decode<PipelineRun>(const Json&, const std::string&);
template Json encode(const Plan&);
template Result<Plan> decode<Plan>(const Json&, const std::string&);

}  // namespace ridgepoint
