// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/spmv_kernel.h"

#include <cstring>

namespace ridgepoint {

Result<Prepared> prepare_spmv(CsrMatrix matrix, const SpmvPlan& plan, const KernelRequest& request,
                              SpmvRoof roof) {
  const auto team = std::make_shared<Team>(request.cpus);
  auto x = random_vector(matrix.cols, request.seed + 9, *team);
  if (!x) return tl::make_unexpected(x.error());
  auto made = Spmv::make(std::move(matrix), plan, *team);
  if (!made) return tl::make_unexpected(made.error());
  const std::shared_ptr<Spmv> s = std::move(*made);
  const CsrMatrix& m = s->matrix();
  team->run([&](int i) {
    const Share part = share_of(static_cast<std::size_t>(m.cols), i, team->size(), 8);
    std::memcpy(s->x() + part.begin, x->as<double>() + part.begin, (part.end - part.begin) * 8);
    const Share rows = share_of(static_cast<std::size_t>(m.rows), i, team->size(), 8);
    std::fill(s->y() + rows.begin, s->y() + rows.end, -1.0);
  });
  s->multiply(*team);

  Prepared out;
  const double error = spmv_error(m, s->x(), s->y()), tolerance = 1e-12;
  out.verification = {error <= tolerance, "long double row sums over all rows, error relative to sum |a x|",
                      error, tolerance};
  out.cost = {.work_flop = 2 * static_cast<double>(m.nonzeros),
              .read_byte = s->read_byte(),
              .written_byte = s->written_byte()};
  if (roof == SpmvRoof::read) {
    std::vector<Area> areas;
    for (const auto& [data, bytes] : s->areas()) areas.push_back({data, bytes});
    out.roof = read_roof(team, std::move(areas), out.cost.read_byte);
  } else {
    out.cost.random_access = static_cast<double>(m.nonzeros);
    out.roof = gather_roof(team, {s->x(), static_cast<std::size_t>(m.cols) * 8}, 8, *out.cost.random_access);
  }
  out.working_set_byte = out.cost.read_byte + out.cost.written_byte;
  out.dtype = "fp64";
  out.isa = spmv_isa();
  out.body = [s, team] { s->multiply(*team); };
  return out;
}

}  // namespace ridgepoint
