// SPDX-License-Identifier: Apache-2.0
// `ridgepoint phantom FILE`: a synthetic chest CT with nodules, and the truth about it; the document
// `phantom`.
#include <cmath>

#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/core/format.h"
#include "model/core/text.h"
#include "workloads/volume/phantom.h"
#include "workloads/volume/volume_write.h"

namespace ridgepoint {
namespace {

Result<double> number_of(const Arguments& arguments, const std::string& name, double lo, double hi) {
  const auto v = parse_number(arguments.value(name), "--" + name);
  if (!v) return v;
  if (*v < lo || *v > hi || *v != std::trunc(*v))
    return fail(ErrorKind::bad_input, "--" + name + " " + arguments.value(name) + " is out of range", "",
                "give a whole number from " + show_number(lo) + " to " + show_number(hi));
  return v;
}

/// "256" or "256x256x128".
Result<std::array<double, 3>> three(const std::string& text, const std::string& name) {
  const std::vector<std::string> parts = split(text, 'x');
  if (parts.size() != 1 && parts.size() != 3)
    return fail(ErrorKind::bad_input, name + " '" + printable(text) + "' is not one number or three", "",
                "write for example 256 or 512x512x300");
  std::array<double, 3> out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto v = parse_number(parts[parts.size() == 1 ? 0 : i], name);
    if (!v) return tl::make_unexpected(v.error());
    if (!(*v > 0 && *v <= 4096))
      return fail(ErrorKind::bad_input, name + " '" + printable(text) + "' is out of range", "",
                  "give positive numbers to 4096");
    out[i] = *v;
  }
  return out;
}

Result<PhantomRequest> request_of(const Arguments& arguments) {
  const auto size = three(arguments.value("size"), "--size"),
             spacing = three(arguments.value("spacing"), "--spacing");
  const auto seed = number_of(arguments, "seed", 0, 0x1p52),
             nodules = number_of(arguments, "nodules", 0, 1000);
  const auto dose = parse_number(arguments.value("dose"), "--dose");
  for (const auto* r : {&size, &spacing})
    if (!*r) return tl::make_unexpected(r->error());
  for (const auto* r : {&seed, &nodules, &dose})
    if (!*r) return tl::make_unexpected(r->error());
  PhantomRequest request;
  for (std::size_t i = 0; i < 3; ++i) {
    if ((*size)[i] != std::trunc((*size)[i]))
      return fail(ErrorKind::bad_input, "--size is not in whole voxels", "", "write for example 256");
    request.size[i] = static_cast<std::int64_t>((*size)[i]);
  }
  request.spacing = *spacing;
  request.seed = static_cast<std::uint64_t>(*seed);
  request.nodules = static_cast<int>(*nodules);
  request.dose = *dose;
  return request;
}

/// "scan.nii.gz" -> "scan.truth.json".
std::string truth_name(std::string path) {
  for (const std::string_view suffix : {".gz", ".nii", ".mha", ".mhd"})
    if (path.size() > suffix.size() && path.ends_with(suffix)) path.resize(path.size() - suffix.size());
  return path + ".truth.json";
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const auto request = request_of(arguments);
  if (!request) return tl::make_unexpected(request.error());
  const auto limit = parse_bytes(arguments.value("memory"));
  if (!limit) return tl::make_unexpected(limit.error());
  if (arguments.positional.size() > 1)
    return fail(ErrorKind::bad_input, "phantom writes one file", "", "name one, or none for the truth alone");
  const bool to_file = !arguments.positional.empty();
  if (to_file) {
    auto good = check_volume_name(arguments.positional[0]).and_then([&] {
      return check_writable(arguments.positional[0]);
    });
    if (!good) return tl::make_unexpected(good.error());
  }
  Team team(allowed_cpus());
  ports.log.progress("making the phantom", 0);
  auto phantom = make_phantom(*request, team, *limit);
  if (!phantom) return tl::make_unexpected(phantom.error());
  phantom->truth.provenance = ports.provenance;
  if (to_file) {
    phantom->truth.path = arguments.positional[0];
    ports.log.progress("writing", 0.8);
    const Document truth = make_document("phantom", phantom->truth);
    auto done = document_text(truth)
                    .and_then([&](const std::string& t) {
                      return write_file_atomically(truth_name(*phantom->truth.path), t);
                    })
                    .and_then([&] { return write_volume(*phantom->truth.path, phantom->volume, team); });
    if (!done) return tl::make_unexpected(done.error());
  }
  ports.log.progress("done", 1);
  return Output{make_document("phantom", phantom->truth), "", 0, false};
}

}  // namespace

extern const Command phantom_cmd;
const Command phantom_cmd{
    .name = "phantom",
    .summary = "write a synthetic chest CT with lung nodules, and the truth about it",
    .positional = "[FILE]",
    .options = {{"size", "N|XxYxZ", "voxels", "256", false, {}},
                {"spacing", "MM|XxYxZ", "of the voxels, mm", "0.7x0.7x1.25", false, {}},
                {"seed", "N", "the same seed gives the same scan, bit by bit", "1", false, {}},
                {"nodules", "N", "how many are tried; those that find a place are there", "12", false, {}},
                {"dose", "X", "relative; noise goes with its inverse square root", "1", false, {}},
                {"memory", "BYTES", "most memory for the voxels", "4e9", false, {}}},
    .example = "ridgepoint phantom scan.nii.gz --size 256 --seed 1",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
