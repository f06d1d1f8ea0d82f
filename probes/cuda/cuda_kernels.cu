// SPDX-License-Identifier: Apache-2.0
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <mma.h>

#include "probes/cuda/cuda_kernels.h"

namespace ridgepoint::cuda {
namespace {

// Multiply-add chains. The fixed point of x * 0.75 + 0.8125 is 3.25; no chain starts there.

__device__ double step(double x, double a, double b) { return fma(x, a, b); }
__device__ float step(float x, float a, float b) { return fmaf(x, a, b); }
__device__ __half2 step(__half2 x, __half2 a, __half2 b) { return __hfma2(x, a, b); }

template <class V>
struct Words;
template <>
struct Words<double> {
  static __device__ double of(float x) { return static_cast<double>(x); }
  static __device__ float far(double x) { return static_cast<float>(fabs(x / 3.25 - 1)); }
};
template <>
struct Words<float> {
  static __device__ float of(float x) { return x; }
  static __device__ float far(float x) { return fabsf(x / 3.25F - 1); }
};
template <>
struct Words<__half2> {
  static __device__ __half2 of(float x) { return __float2half2_rn(x); }
  static __device__ float far(__half2 x) {
    return fmaxf(Words<float>::far(__low2float(x)), Words<float>::far(__high2float(x)));
  }
};
#if __CUDA_ARCH__ >= 800
__device__ __nv_bfloat162 step(__nv_bfloat162 x, __nv_bfloat162 a, __nv_bfloat162 b) {
  return __hfma2(x, a, b);
}
template <>
struct Words<__nv_bfloat162> {
  static __device__ __nv_bfloat162 of(float x) { return __float2bfloat162_rn(x); }
  static __device__ float far(__nv_bfloat162 x) {
    return fmaxf(Words<float>::far(__low2float(x)), Words<float>::far(__high2float(x)));
  }
};
#endif

/// fmaxf loses a NaN; this keeps it.
__device__ float wider(float far, float x) { return x <= far ? far : x; }

template <class V>
__device__ void float_chains(int rounds, std::uint32_t* answer) {
  const V a = Words<V>::of(0.75F), b = Words<V>::of(0.8125F);
  V x[kChains];
#pragma unroll
  for (unsigned k = 0; k < kChains; ++k) x[k] = Words<V>::of(0.7F * static_cast<float>(k + 1));
  for (int i = 0; i < rounds; ++i) {
#pragma unroll
    for (unsigned u = 0; u < kUnroll; ++u)
#pragma unroll
      for (unsigned k = 0; k < kChains; ++k) x[k] = step(x[k], a, b);
  }
  float far = 0;
#pragma unroll
  for (unsigned k = 0; k < kChains; ++k) far = wider(far, Words<V>::far(x[k]));
  answer[blockIdx.x * blockDim.x + threadIdx.x] = __float_as_uint(far);
}

template <ChainType type>
__device__ std::uint32_t integer_step(std::uint32_t x, std::uint32_t factor, std::uint32_t term) {
  if (type == ChainType::int32) return x * factor + term;
#if __CUDA_ARCH__ >= 610
  return static_cast<std::uint32_t>(
      __dp4a(static_cast<int>(x), static_cast<int>(factor), static_cast<int>(x)));
#else
  return 0;  // not offered: see cuda_measure.cpp
#endif
}

template <ChainType type>
__device__ void integer_chains(int rounds, std::uint32_t factor, std::uint32_t term, std::uint32_t* answer) {
  const std::uint32_t thread = blockIdx.x * blockDim.x + threadIdx.x;
  std::uint32_t x[kChains];
#pragma unroll
  for (unsigned k = 0; k < kChains; ++k) x[k] = chain_start(thread, k);
  for (int i = 0; i < rounds; ++i) {
#pragma unroll
    for (unsigned u = 0; u < kUnroll; ++u)
#pragma unroll
      for (unsigned k = 0; k < kChains; ++k) x[k] = integer_step<type>(x[k], factor, term);
  }
  std::uint32_t sum = 0;
#pragma unroll
  for (unsigned k = 0; k < kChains; ++k) sum += x[k];
  answer[thread] = sum;
}

__global__ void chains_fp64(int rounds, std::uint32_t* answer) { float_chains<double>(rounds, answer); }
__global__ void chains_fp32(int rounds, std::uint32_t* answer) { float_chains<float>(rounds, answer); }
__global__ void chains_fp16(int rounds, std::uint32_t* answer) { float_chains<__half2>(rounds, answer); }
__global__ void chains_bf16(int rounds, std::uint32_t* answer) {
#if __CUDA_ARCH__ >= 800
  float_chains<__nv_bfloat162>(rounds, answer);
#endif
}
__global__ void chains_int32(int rounds, std::uint32_t f, std::uint32_t t, std::uint32_t* answer) {
  integer_chains<ChainType::int32>(rounds, f, t, answer);
}
__global__ void chains_int8(int rounds, std::uint32_t f, std::uint32_t t, std::uint32_t* answer) {
  integer_chains<ChainType::int8_dot>(rounds, f, t, answer);
}

template <class In, class Out>
__device__ void tensor_tiles(int rounds, const In* a, const In* b, Out* answer) {
  namespace wmma = nvcuda::wmma;
  wmma::fragment<wmma::matrix_a, kTileEdge, kTileEdge, kTileEdge, In, wmma::row_major> left;
  wmma::fragment<wmma::matrix_b, kTileEdge, kTileEdge, kTileEdge, In, wmma::row_major> right;
  wmma::fragment<wmma::accumulator, kTileEdge, kTileEdge, kTileEdge, Out> tile[kTiles];
  wmma::load_matrix_sync(left, a, kTileEdge);
  wmma::load_matrix_sync(right, b, kTileEdge);
#pragma unroll
  for (unsigned t = 0; t < kTiles; ++t) wmma::fill_fragment(tile[t], static_cast<Out>(t + 1));
  for (int i = 0; i < rounds; ++i) {
#pragma unroll
    for (unsigned t = 0; t < kTiles; ++t) wmma::mma_sync(tile[t], left, right, tile[t]);
  }
#pragma unroll
  for (unsigned t = 1; t < kTiles; ++t)
    for (int e = 0; e < tile[0].num_elements; ++e) tile[0].x[e] += tile[t].x[e];
  const unsigned warp = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
  wmma::store_matrix_sync(answer + warp * kTileEdge * kTileEdge, tile[0], kTileEdge, wmma::mem_row_major);
}

__global__ void tensor_fp16(int rounds, const __half* a, const __half* b, float* answer) {
#if __CUDA_ARCH__ >= 700
  tensor_tiles(rounds, a, b, answer);
#endif
}
__global__ void tensor_bf16(int rounds, const __nv_bfloat16* a, const __nv_bfloat16* b, float* answer) {
#if __CUDA_ARCH__ >= 800
  tensor_tiles(rounds, a, b, answer);
#endif
}
__global__ void tensor_int8(int rounds, const signed char* a, const signed char* b, int* answer) {
#if __CUDA_ARCH__ >= 720
  tensor_tiles(rounds, a, b, answer);
#endif
}

// Streams: neighbouring threads take neighbouring vectors.

/// SplitMix64's finaliser over a counter, as model/core/random.h.
__device__ unsigned long long random_word(unsigned long long seed, unsigned long long index) {
  unsigned long long z = seed + (index + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z = z ^ (z >> 31);
  return (z & 0x007fffff007fffffULL) | 0x3f8000003f800000ULL;
}

__device__ unsigned long long first() {
  return blockIdx.x * static_cast<unsigned long long>(blockDim.x) + threadIdx.x;
}
__device__ unsigned long long stride() { return gridDim.x * static_cast<unsigned long long>(blockDim.x); }

__global__ void generate(unsigned long long* out, unsigned long long seed, unsigned long long words) {
  for (unsigned long long i = first(); i < words; i += stride()) out[i] = random_word(seed, i);
}

__global__ void stream_read(const ulonglong2* in, unsigned long long* out, unsigned long long vectors) {
  unsigned long long sum[4] = {0, 0, 0, 0};
  unsigned long long i = first();
  for (; i + 3 * stride() < vectors; i += 4 * stride()) {
#pragma unroll
    for (unsigned k = 0; k < 4; ++k) {
      const ulonglong2 v = in[i + k * stride()];
      sum[k] += v.x + v.y;
    }
  }
  for (; i < vectors; i += stride()) sum[0] += in[i].x + in[i].y;
  out[first()] = sum[0] + sum[1] + sum[2] + sum[3];
}

__global__ void stream_copy(const ulonglong2* in, ulonglong2* out, unsigned long long vectors) {
  for (unsigned long long i = first(); i < vectors; i += stride()) out[i] = in[i];
}

__global__ void stream_triad(const float4* in, const float4* other, float4* out, unsigned long long vectors) {
  for (unsigned long long i = first(); i < vectors; i += stride()) {
    const float4 p = in[i], q = other[i];
    out[i] = make_float4(p.x + 3 * q.x, p.y + 3 * q.y, p.z + 3 * q.z, p.w + 3 * q.w);
  }
}

__global__ void nothing() {}

}  // namespace

void launch_chains(ChainType type, Grid g, int rounds, std::uint32_t* answer) {
  switch (type) {
    case ChainType::fp64:
      return chains_fp64<<<g.blocks, g.threads>>>(rounds, answer);
    case ChainType::fp32:
      return chains_fp32<<<g.blocks, g.threads>>>(rounds, answer);
    case ChainType::fp16:
      return chains_fp16<<<g.blocks, g.threads>>>(rounds, answer);
    case ChainType::bf16:
      return chains_bf16<<<g.blocks, g.threads>>>(rounds, answer);
    case ChainType::int32:
      return chains_int32<<<g.blocks, g.threads>>>(rounds, kIntFactor, kIntTerm, answer);
    case ChainType::int8_dot:
      return chains_int8<<<g.blocks, g.threads>>>(rounds, kIntBytes, 0, answer);
  }
}

void launch_tensor(TensorType type, Grid g, int rounds, const void* a, const void* b, std::uint32_t* answer) {
  switch (type) {
    case TensorType::fp16:
      return tensor_fp16<<<g.blocks, g.threads>>>(rounds, static_cast<const __half*>(a),
                                                  static_cast<const __half*>(b),
                                                  reinterpret_cast<float*>(answer));
    case TensorType::bf16:
      return tensor_bf16<<<g.blocks, g.threads>>>(rounds, static_cast<const __nv_bfloat16*>(a),
                                                  static_cast<const __nv_bfloat16*>(b),
                                                  reinterpret_cast<float*>(answer));
    case TensorType::int8:
      return tensor_int8<<<g.blocks, g.threads>>>(rounds, static_cast<const signed char*>(a),
                                                  static_cast<const signed char*>(b),
                                                  reinterpret_cast<int*>(answer));
  }
}

void launch_generate(Grid g, unsigned long long* out, unsigned long long seed, unsigned long long words) {
  generate<<<g.blocks, g.threads>>>(out, seed, words);
}

void launch_stream(StreamPattern pattern, Grid g, const void* in, const void* other, void* out,
                   unsigned long long vectors) {
  switch (pattern) {
    case StreamPattern::read:
      return stream_read<<<g.blocks, g.threads>>>(static_cast<const ulonglong2*>(in),
                                                  static_cast<unsigned long long*>(out), vectors);
    case StreamPattern::copy:
      return stream_copy<<<g.blocks, g.threads>>>(static_cast<const ulonglong2*>(in),
                                                  static_cast<ulonglong2*>(out), vectors);
    case StreamPattern::triad:
      return stream_triad<<<g.blocks, g.threads>>>(static_cast<const float4*>(in),
                                                   static_cast<const float4*>(other),
                                                   static_cast<float4*>(out), vectors);
  }
}

void launch_nothing() { nothing<<<1, 32>>>(); }

}  // namespace ridgepoint::cuda
