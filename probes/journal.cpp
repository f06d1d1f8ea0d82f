// SPDX-License-Identifier: Apache-2.0
#include "probes/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "model/core/codec.h"
#include "model/core/file_io.h"
#include "probes/outcome_codec.h"

namespace ridgepoint {

template <class Io>
void fields(Io& io, JournalHead& h) {
  io.field("version", h.version);
  io.field("level", h.level);
  io.field("visits", h.visits);
  io.field("machine", h.machine);
  io.field("options", h.options);
}

template <class Io>
void fields(Io& io, Visit& v) {
  io.field("probe", v.probe);
  io.field("visit", v.visit);
  io.field("elapsed_s", v.elapsed_s);
  io.field("outcome", v.outcome);
}

namespace {

tl::unexpected<Error> trouble(const std::string& verb, const std::string& path) {
  return fail(ErrorKind::io, "cannot " + verb + " the journal '" + path + "'", std::strerror(errno),
              "check the folder and its free space");
}

Result<void> write_line(int descriptor, const Json& value, const std::string& path) {
  auto line = dump_json_line(value);
  if (!line) return tl::make_unexpected(line.error());
  if (line->empty() || line->back() != '\n') *line += '\n';
  if (auto ok = write_all(descriptor, *line, "the journal '" + path + "'"); !ok) return ok;
  if (::fsync(descriptor) != 0 && errno != EINVAL) return trouble("write", path);
  return {};
}

tl::unexpected<Error> other_session(const std::string& path, const std::string& what) {
  return fail(ErrorKind::bad_input, "the journal '" + path + "' cannot be resumed", what,
              "repeat its options, or leave --resume out to start anew");
}

Result<void> check_head(const JournalHead& found, const JournalHead& head, const std::string& path) {
  if (found.machine != head.machine) return other_session(path, "it is of another machine: " + found.machine);
  if (found.level != head.level)
    return other_session(path, "it is of the level '" + std::string(name_of(found.level)) + "'");
  if (found.options != head.options)
    return other_session(path, "it had other options: " + (found.options.empty() ? "none" : found.options));
  if (found.visits != head.visits || found.version != head.version)
    return other_session(path, "it was written by version " + found.version);
  return {};
}

/// The whole lines of a journal; `kept` is their length in bytes. A torn or damaged last line is left out.
Result<std::vector<Visit>> read_visits(const std::string& text, const JournalHead& head,
                                       const std::string& path, std::size_t& kept) {
  std::vector<Visit> visits;
  bool first = true;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    const auto json = parse_json(std::string_view(text).substr(at, end - at), path);
    if (first) {
      const auto found = json.and_then([&](const Json& j) { return decode<JournalHead>(j, path); });
      if (!found) return other_session(path, "its first line is not a journal's");
      if (auto ok = check_head(*found, head, path); !ok) return tl::make_unexpected(ok.error());
      first = false;
    } else {
      auto visit = json.and_then([&](const Json& j) { return decode<Visit>(j, path); });
      if (!visit) {
        if (text.find('\n', end + 1) != std::string::npos)
          return other_session(path, "a line in its middle is damaged: " + visit.error().what);
        break;
      }
      visits.push_back(std::move(*visit));
    }
    kept = end + 1;
  }
  if (first) return other_session(path, "it is empty");
  return visits;
}

}  // namespace

Result<Journal> Journal::open(const std::string& path, const JournalHead& head, bool resume) {
  if (!resume) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return trouble("create", path);
    Journal journal(path, fd);
    auto ok = write_line(fd, encode(head), path);
    if (ok) return journal;
    ::unlink(path.c_str());  // without its head there is nothing to resume
    return tl::make_unexpected(ok.error());
  }
  const auto text = read_file(path, kMaxJsonBytes);
  if (!text)
    return fail(ErrorKind::bad_input, "there is nothing to resume: " + text.error().what, text.error().why,
                "leave --resume out to start anew");
  std::size_t kept = 0;
  auto visits = read_visits(*text, head, path, kept);
  if (!visits) return tl::make_unexpected(visits.error());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return trouble("open", path);
  Journal journal(path, fd);
  journal.done_ = std::move(*visits);
  if (::ftruncate(fd, static_cast<off_t>(kept)) != 0 || ::lseek(fd, 0, SEEK_END) < 0)
    return trouble("continue", path);
  return journal;
}

Journal::Journal(Journal&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      done_(std::move(other.done_)) {}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> Journal::append(const Visit& visit) { return write_line(descriptor_, encode(visit), path_); }

}  // namespace ridgepoint
