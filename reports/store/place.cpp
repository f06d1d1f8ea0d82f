// SPDX-License-Identifier: Apache-2.0
#include "reports/store/place.h"

#include <sys/stat.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace ridgepoint {

Result<std::string> default_store() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/ridgepoint/history.sqlite";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.local/state/ridgepoint/history.sqlite";
  return fail(ErrorKind::bad_input, "there is no home folder for the history",
              "neither XDG_STATE_HOME nor HOME is an absolute path", "give a file with --store");
}

std::string_view network_file_system(long magic) {
  struct Known {
    unsigned long magic;
    std::string_view name;
  };
  // linux/magic.h, and the manuals of those that are not in it.
  static constexpr auto kKnown = std::to_array<Known>({{0x6969, "NFS"},
                                                       {0x517B, "SMB"},
                                                       {0xFF534D42, "CIFS"},
                                                       {0xFE534D42, "SMB2"},
                                                       {0x65735546, "FUSE"},
                                                       {0x01021997, "9p"},
                                                       {0x00C36400, "Ceph"},
                                                       {0x5346414F, "AFS"},
                                                       {0x6B414653, "kAFS"},
                                                       {0x73757245, "Coda"},
                                                       {0x564C, "NCP"},
                                                       {0x0BD00BD0, "Lustre"},
                                                       {0x47504653, "GPFS"},
                                                       {0x19830326, "BeeGFS"},
                                                       {0x01161970, "GFS2"},
                                                       {0x7461636F, "OCFS2"}});
  const unsigned long low = static_cast<unsigned long>(magic) & 0xFFFFFFFFul;  // sign-extended in places
  for (const Known& k : kKnown)
    if (k.magic == low) return k.name;
  return {};
}

Result<void> prepare_place(const std::string& path) {
  const auto parent = std::filesystem::absolute(path).parent_path();
  std::error_code code;
  if (!std::filesystem::exists(parent, code)) {
    std::filesystem::create_directories(parent, code);
    if (code)
      return fail(ErrorKind::io, "cannot create the folder '" + parent.string() + "'", code.message(),
                  "check its permissions, or give another file with --store");
    ::chmod(parent.c_str(), 0700);
  }
  struct statfs status {};
  if (::statfs(parent.c_str(), &status) != 0)
    return fail(ErrorKind::io, "cannot look at '" + parent.string() + "'", std::strerror(errno),
                "check its permissions, or give another file with --store");
  const std::string_view network = network_file_system(static_cast<long>(status.f_type));
  if (!network.empty())
    return fail(ErrorKind::bad_input, "the history cannot lie in '" + parent.string() + "'",
                "it is on " + std::string(network) + ", where two machines would damage it",
                "give a file on a local disk with --store");
  return {};
}

}  // namespace ridgepoint
