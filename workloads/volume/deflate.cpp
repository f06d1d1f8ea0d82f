// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string_view>

#include "model/core/ports.h"
#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kStep = std::size_t{16} << 20;  ///< between two looks at the user's Ctrl-C
constexpr std::size_t kBlock = std::size_t{1} << 20;  ///< packed by one thread
constexpr std::size_t kInput = std::size_t{1} << 30;  ///< zlib counts in 32 bits

class Inflater {
 public:
  Inflater(std::span<const std::byte> packed, const std::string& path) : rest_(packed), path_(path) {
    ok_ = ::inflateInit2(&stream_, 15 + 32) == Z_OK;  // 32: zlib or gzip, as the first bytes say
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { ::inflateEnd(&stream_); }

  /// Fills `out` as far as the stream goes; the number of bytes written.
  Result<std::size_t> read(std::span<std::byte> out) {
    if (!ok_) return refuse("zlib could not start");
    std::size_t done = 0;
    while (done < out.size() && !ended_) {
      if (Interrupt::requested())
        return fail(ErrorKind::interrupted, "stopped while unpacking '" + printable(path_) + "'", "",
                    "run it again");
      if (auto stepped = step(out.subspan(done, std::min(out.size() - done, kStep))); stepped)
        done += *stepped;
      else
        return tl::make_unexpected(stepped.error());
    }
    return done;
  }

 private:
  tl::unexpected<Error> refuse(const std::string& why) const {
    return fail(ErrorKind::bad_input, "'" + printable(path_) + "' is damaged", why,
                "copy or write the file again");
  }

  Result<std::size_t> step(std::span<std::byte> out) {
    const std::size_t input = std::min(rest_.size(), kInput);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(rest_.data()));
    stream_.avail_in = static_cast<uInt>(input);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    const std::size_t used = input - stream_.avail_in, made = out.size() - stream_.avail_out;
    rest_ = rest_.subspan(used);
    if (code == Z_STREAM_END) {
      // A gzip file may have several members one after another; other bytes behind the end are ignored.
      const bool more = rest_.size() > 18 && rest_[0] == std::byte{0x1f} && rest_[1] == std::byte{0x8b};
      ended_ = !more || ::inflateReset(&stream_) != Z_OK;
    } else if (code == Z_BUF_ERROR || (code == Z_OK && used == 0 && made == 0)) {
      return refuse("its packed data end early");
    } else if (code != Z_OK) {
      return refuse(stream_.msg == nullptr ? "its packed data are not valid" : stream_.msg);
    }
    return made;
  }

  z_stream stream_ = {};
  std::span<const std::byte> rest_;
  const std::string& path_;
  bool ok_ = false, ended_ = false;
};

/// Blocks of the concatenated parts, each within one part.
std::vector<std::string_view> blocks_of(std::span<const std::string_view> parts) {
  std::vector<std::string_view> blocks;
  for (std::string_view part : parts)
    for (; !part.empty(); part.remove_prefix(std::min(kBlock, part.size())))
      blocks.push_back(part.substr(0, kBlock));
  if (blocks.empty()) blocks.emplace_back();
  return blocks;
}

/// Raw deflate of one block. All but the last end on a byte border (sync flush), so they can be joined.
std::string packed_block(std::string_view block, bool last) {
  z_stream stream = {};
  if (::deflateInit2(&stream, 1, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(::deflateBound(&stream, static_cast<uLong>(block.size())) + 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(block.data()));
  stream.avail_in = static_cast<uInt>(block.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = ::deflate(&stream, last ? Z_FINISH : Z_SYNC_FLUSH);
  out.resize(out.size() - stream.avail_out);
  ::deflateEnd(&stream);
  if (code != (last ? Z_STREAM_END : Z_OK)) return {};
  return out;
}

using Checksum = uLong (*)(uLong, const Bytef*, uInt);

uLong checksum(Checksum function, std::string_view bytes) {
  return function(function(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()),
                  static_cast<uInt>(bytes.size()));
}

void append(std::string& out, std::uint32_t word, bool big) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>((word >> (8 * (big ? 3 - i : i))) & 0xffU));
}

}  // namespace

Result<std::string> unpack_front(std::span<const std::byte> packed, std::size_t limit,
                                 const std::string& path) {
  std::string out(limit, '\0');
  Inflater inflater(packed, path);
  const auto n = inflater.read(std::as_writable_bytes(std::span(out)));
  if (!n) return tl::make_unexpected(n.error());
  out.resize(*n);
  return out;
}

Result<void> unpack_exactly(std::span<const std::byte> packed, std::uint64_t skip, std::span<std::byte> out,
                            const std::string& path) {
  Inflater inflater(packed, path);
  const auto damaged = [&](const std::string& why) {
    return fail(ErrorKind::bad_input, "'" + printable(path) + "' is damaged", why,
                "copy or write the file again");
  };
  std::array<std::byte, 4096> scratch;
  while (skip > 0) {
    const auto n = inflater.read(std::span(scratch).first(std::min<std::uint64_t>(skip, scratch.size())));
    if (!n) return tl::make_unexpected(n.error());
    if (*n == 0) return damaged("its packed data end before the voxels begin");
    skip -= *n;
  }
  const auto filled = inflater.read(out);
  if (!filled) return tl::make_unexpected(filled.error());
  if (*filled < out.size())
    return damaged("its packed data hold " + std::to_string(*filled) +
                   " bytes of voxels and its header says " + std::to_string(out.size()));
  const auto more = inflater.read(std::span(scratch).first(1));  // also checks the sum behind the stream
  if (!more) return tl::make_unexpected(more.error());
  if (*more > 0)
    return damaged("its packed data hold more than the " + std::to_string(out.size()) +
                   " bytes of voxels that its header says");
  return {};
}

Result<std::string> pack(std::span<const std::string_view> parts, Wrapper wrapper, Team& team) {
  const auto blocks = blocks_of(parts);
  const bool gzip = wrapper == Wrapper::gzip;
  const Checksum function = gzip ? ::crc32 : ::adler32;
  std::vector<std::string> packed(blocks.size());
  std::vector<uLong> sums(blocks.size());
  std::atomic<std::size_t> next{0};
  team.run([&](int) {
    for (std::size_t i = next++; i < blocks.size() && !Interrupt::requested(); i = next++) {
      packed[i] = packed_block(blocks[i], i + 1 == blocks.size());
      sums[i] = checksum(function, blocks[i]);
    }
  });
  if (Interrupt::requested())
    return fail(ErrorKind::interrupted, "stopped while packing", "", "run it again");
  // gzip: magic, deflate, no flags, no time, fastest, no system. zlib: window 32 KiB, fastest.
  std::string out = gzip ? std::string("\x1f\x8b\x08\0\0\0\0\0\x04\xff", 10) : std::string("\x78\x01", 2);
  uLong sum = checksum(function, {});
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (packed[i].empty())
      return fail(ErrorKind::unavailable, "zlib could not pack the voxels", "it ran out of memory",
                  "write an unpacked file");
    out += packed[i];
    packed[i].clear();
    packed[i].shrink_to_fit();
    const auto n = static_cast<z_off_t>(blocks[i].size());
    sum = gzip ? ::crc32_combine(sum, sums[i], n) : ::adler32_combine(sum, sums[i], n);
    length += blocks[i].size();
  }
  append(out, static_cast<std::uint32_t>(sum), !gzip);
  if (gzip) append(out, static_cast<std::uint32_t>(length), false);
  return out;
}

std::string checksum_text(std::span<const std::byte> bytes, Team& team) {
  const std::string_view whole(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto blocks = blocks_of({&whole, 1});
  std::vector<uLong> sums(blocks.size());
  std::atomic<std::size_t> next{0};
  team.run([&](int) {
    for (std::size_t i = next++; i < blocks.size(); i = next++) sums[i] = checksum(::crc32, blocks[i]);
  });
  uLong sum = checksum(::crc32, {});
  for (std::size_t i = 0; i < blocks.size(); ++i)
    sum = ::crc32_combine(sum, sums[i], static_cast<z_off_t>(blocks[i].size()));
  std::string out;
  for (int digit = 7; digit >= 0; --digit) out.push_back("0123456789abcdef"[(sum >> (4 * digit)) & 15U]);
  return out;
}

}  // namespace ridgepoint
