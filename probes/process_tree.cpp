// SPDX-License-Identifier: Apache-2.0
#include "probes/process_tree.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "model/core/text.h"
#include "probes/host.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kMostProcesses = 4096;  // a fork bomb must not take the sampler with it

std::string folder_of(pid_t pid) { return "proc/" + std::to_string(pid); }

std::vector<pid_t> children_of(const Host& host, pid_t pid) {
  std::vector<pid_t> out;
  const std::string tasks = folder_of(pid) + "/task";
  for (const std::string& task : host.list(tasks).value_or(std::vector<std::string>()))
    for (const std::string& word : words(host.read(tasks + "/" + task + "/children").value_or("")))
      if (const auto child = parse_count(word)) out.push_back(static_cast<pid_t>(*child));
  return out;
}

/// statm counts pages: all of them, then the resident ones.
double resident(const Host& host, pid_t pid) {
  const auto parts = words(host.read(folder_of(pid) + "/statm").value_or(""));
  const auto pages = parts.size() > 1 ? parse_count(parts[1]) : std::nullopt;
  return pages ? static_cast<double>(*pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

char parse_state(std::string_view stat) {
  const std::size_t name_end = stat.rfind(')');
  return name_end == std::string_view::npos || name_end + 2 >= stat.size() ? '?' : stat[name_end + 2];
}

std::optional<ProcessIo> parse_process_io(std::string_view text) {
  const auto lines = parse_colon_lines(text);
  const auto figure = [&](const char* key) -> std::optional<double> {
    const auto it = lines.find(key);
    const auto n = it == lines.end() ? std::nullopt : parse_count(it->second);
    return n ? std::optional(static_cast<double>(*n)) : std::nullopt;
  };
  const auto read = figure("read_bytes"), written = figure("write_bytes");
  const auto read_chars = figure("rchar"), written_chars = figure("wchar");
  if (!read || !written || !read_chars || !written_chars) return std::nullopt;
  return ProcessIo{*read, *written, *read_chars, *written_chars};
}

std::vector<pid_t> ProcessTree::find() const {
  std::vector<pid_t> found = children_of(host_, adopter_);
  std::erase_if(found, [&](pid_t p) { return p == root_; });
  found.insert(found.begin(), root_);
  for (std::size_t i = 0; i < found.size() && found.size() < kMostProcesses; ++i)
    for (const pid_t child : children_of(host_, found[i])) found.push_back(child);
  return found;
}

void ProcessTree::sample() {
  TreeSample now;
  int ready = 0, device = 0;
  for (const pid_t pid : find()) {
    const std::string folder = folder_of(pid) + "/task";
    const auto tasks = host_.list(folder);
    if (!tasks) continue;
    ++now.processes;
    now.threads += static_cast<int>(tasks->size());
    now.resident_byte += resident(host_, pid);
    for (const std::string& task : *tasks) {
      const char state = parse_state(host_.read(folder + "/" + task + "/stat").value_or(""));
      ready += state == 'R' ? 1 : 0;
      device += state == 'D' ? 1 : 0;
    }
  }
  if (now.threads == 0) return;
  peak_.processes = std::max(peak_.processes, now.processes);
  peak_.threads = std::max(peak_.threads, now.threads);
  peak_.resident_byte = std::max(peak_.resident_byte, now.resident_byte);
  ++states_.samples;
  states_.ready += ready;
  ++(ready > 0 ? states_.active : device > 0 ? states_.device : states_.asleep);
}

int ProcessTree::read_survivors() {
  int count = 0;
  for (const pid_t pid : find())
    if (pid != root_) {
      read_io(pid);
      ++count;
    }
  return count;
}

void ProcessTree::read_io(pid_t pid) {
  if (const auto io = parse_process_io(host_.read(folder_of(pid) + "/io").value_or(""))) io_[pid] = *io;
}

std::optional<ProcessIo> ProcessTree::io() const {
  if (!io_.contains(root_)) return std::nullopt;
  ProcessIo sum;
  for (const auto& [pid, io] : io_) {
    sum.read_byte += io.read_byte;
    sum.written_byte += io.written_byte;
    sum.read_chars += io.read_chars;
    sum.written_chars += io.written_chars;
  }
  return sum;
}

}  // namespace ridgepoint
