// SPDX-License-Identifier: Apache-2.0
// Our half of scripts/peer_resample.py: stays alive and resamples once for each line on stdin, so that the
// other half, scipy, can take turns with it. Arguments: FILE (float32 cube), N, M, ORDER, THREADS, OUT.
// Answers "seconds rate" a line: of the resampling, and of the copy roof beside it in byte/s.
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "workloads/roofs.h"
#include "workloads/volume/resample.h"

using namespace ridgepoint;

int main(int count, char** words) {
  if (count != 7) return 2;
  const std::int64_t n = std::stoll(words[2]), m = std::stoll(words[3]);
  const Interpolation how = std::string(words[4]) == "3" ? Interpolation::cubic : Interpolation::linear;
  std::vector<int> cpus = allowed_cpus();
  cpus.resize(static_cast<std::size_t>(std::stoi(words[5])), cpus.front());
  const auto team = std::make_shared<Team>(cpus);
  const AxisMap axis = corner_map(n, m);
  const GridMap map = {axis, axis, axis};
  std::vector<float> samples(voxels_in(map)), work(samples.size()), out(voxels_out(map));
  std::ifstream file(words[1], std::ios::binary);
  file.read(reinterpret_cast<char*>(samples.data()), static_cast<std::streamsize>(4 * samples.size()));
  if (!file) return 4;
  const auto roof = copy_roof(team, 4 * std::max(samples.size(), out.size()), 1);
  if (!roof) return 3;
  const auto run = [&] {
    const float* in = samples.data();
    if (how == Interpolation::cubic) {
      team->run([&](int i) {
        const Share s = share_of(samples.size(), i, team->size());
        std::copy(samples.data() + s.begin, samples.data() + s.end, work.data() + s.begin);
      });
      to_spline(work.data(), map, *team);
      in = work.data();
    }
    resample(in, out.data(), map, how, *team);
  };
  run();
  std::ofstream(words[6], std::ios::binary)
      .write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(4 * out.size()));
  const double copied = how == Interpolation::cubic ? 8.0 * static_cast<double>(samples.size()) : 0;
  std::cout << resample_read_byte(map, how) + resample_written_byte(map, how) + copied << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const double before = roof->rate();
    const auto begin = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << took.count() << ' ' << (before + roof->rate()) / 2 << std::endl;
  }
  return 0;
}
