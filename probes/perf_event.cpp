// SPDX-License-Identifier: Apache-2.0
#include "probes/perf_event.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ridgepoint {
namespace {

int open_one(const PerfCode& code, const PerfScope& scope, bool user_only) {
  perf_event_attr attr{};
  attr.size = sizeof attr;
  attr.type = code.type;
  attr.config = code.config;
  attr.config1 = code.config1;
  attr.config2 = code.config2;
  attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  attr.inherit = scope.pid >= 0 ? 1 : 0;
  attr.exclude_kernel = user_only ? 1 : 0;
  attr.exclude_hv = user_only ? 1 : 0;
  attr.disabled = scope.from_exec ? 1 : 0;
  attr.enable_on_exec = scope.from_exec ? 1 : 0;
  return static_cast<int>(
      ::syscall(SYS_perf_event_open, &attr, scope.pid, scope.cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

std::string why_refused(int code) {
  if (code == ENOENT || code == EOPNOTSUPP || code == ENODEV)
    return "the kernel does not support the event here";
  if (code == EACCES || code == EPERM) return "perf_event_open is not permitted";
  return std::string("perf_event_open: ") + std::strerror(code);
}

}  // namespace

Result<PerfEvent> PerfEvent::open(const PerfCode& code, const PerfScope& scope) {
  int fd = open_one(code, scope, false);
  const bool user_only = fd < 0 && (errno == EACCES || errno == EPERM) && scope.pid >= 0;
  if (user_only) fd = open_one(code, scope, true);
  if (fd < 0) {
    const int reason = errno;
    return fail(reason == EMFILE || reason == ENFILE ? ErrorKind::io : ErrorKind::unavailable,
                "cannot open a counter", why_refused(reason), "see ridgepoint doctor");
  }
  return PerfEvent(fd, user_only, code.weight);
}

PerfEvent::PerfEvent(PerfEvent&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), user_only_(other.user_only_), weight_(other.weight_) {}

PerfEvent::~PerfEvent() {
  if (fd_ >= 0) ::close(fd_);
}

Result<PerfEvent::Reading> PerfEvent::read() const {
  std::array<std::uint64_t, 3> words{};  // value, enabled, running
  const ssize_t n = ::read(fd_, words.data(), sizeof words);
  if (n != static_cast<ssize_t>(sizeof words))
    return fail(ErrorKind::unavailable, "cannot read a counter",
                n < 0 ? std::strerror(errno) : "short answer", "see ridgepoint doctor");
  const auto enabled = static_cast<double>(words[1]), running = static_cast<double>(words[2]);
  return Reading{static_cast<double>(words[0]), enabled > 0 ? std::min(1.0, running / enabled) : 1};
}

std::optional<Combined> combine(const std::vector<PerfEvent::Reading>& readings,
                                const std::vector<double>& weights, Together together) {
  Combined out;
  double shares = 0;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const auto& [value, share] = readings[i];
    shares += share;
    if (together == Together::alternating) {
      out.value += value * weights[i];
      continue;
    }
    if (share <= 0) return std::nullopt;
    out.value += value * weights[i] / share;
    out.share = std::min(out.share, share);
  }
  if (together == Together::summed) return out;
  if (shares <= 0) return std::nullopt;
  out.share = std::min(1.0, shares);
  out.value /= out.share;
  return out;
}

}  // namespace ridgepoint
