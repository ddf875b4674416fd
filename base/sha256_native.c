/*
 * SHA-256 by the instructions that x86 processors have for it. They keep the
 * eight variables in two registers, as (a, b, e, f) and (c, d, g, h), do two
 * rounds each, and make four words of the schedule at once.
 */
#include "base/sha256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define NATIVE __attribute__((target("sha,sse4.1,ssse3")))

static int has_instructions(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) ||
	    !(c & bit_SSE4_1))
		return 0;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b >> 29 & 1;
}

NATIVE static __m128i load(const void *p)
{
	return _mm_loadu_si128(p);
}

/* Words 16 to 63 of the schedule, four at a time: w[0] becomes the four
 * behind w[3]. */
NATIVE static __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
	__m128i middle = _mm_alignr_epi8(w3, w2, 4);

	return _mm_sha256msg2_epu32(
		_mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), middle), w3);
}

NATIVE static void add_block(__m128i *abef, __m128i *cdgh,
			     const unsigned char *p)
{
	const __m128i big_endian =
		_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i w[4], old_abef = *abef, old_cdgh = *cdgh;

	for (int i = 0; i < 4; i++)
		w[i] = _mm_shuffle_epi8(load(p + i * 16), big_endian);
	for (int i = 0; i < 16; i++) {
		__m128i words =
			_mm_add_epi32(w[i & 3], load(sha256_constants + i * 4));

		*cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, words);
		words = _mm_shuffle_epi32(words, 0x0e);
		*abef = _mm_sha256rnds2_epu32(*abef, *cdgh, words);
		w[i & 3] = next_words(w[i & 3], w[(i + 1) & 3], w[(i + 2) & 3],
				      w[(i + 3) & 3]);
	}
	*abef = _mm_add_epi32(*abef, old_abef);
	*cdgh = _mm_add_epi32(*cdgh, old_cdgh);
}

NATIVE static void add_blocks(uint32_t state[8], const unsigned char *p,
			      size_t n)
{
	__m128i abef = _mm_setr_epi32((int)state[5], (int)state[4],
				      (int)state[1], (int)state[0]);
	__m128i cdgh = _mm_setr_epi32((int)state[7], (int)state[6],
				      (int)state[3], (int)state[2]);

	for (; n; n--, p += 64)
		add_block(&abef, &cdgh, p);
	state[0] = (uint32_t)_mm_extract_epi32(abef, 3);
	state[1] = (uint32_t)_mm_extract_epi32(abef, 2);
	state[2] = (uint32_t)_mm_extract_epi32(cdgh, 3);
	state[3] = (uint32_t)_mm_extract_epi32(cdgh, 2);
	state[4] = (uint32_t)_mm_extract_epi32(abef, 1);
	state[5] = (uint32_t)_mm_extract_epi32(abef, 0);
	state[6] = (uint32_t)_mm_extract_epi32(cdgh, 1);
	state[7] = (uint32_t)_mm_extract_epi32(cdgh, 0);
}

sha256_blocks *sha256_blocks_native(void)
{
	return has_instructions() ? add_blocks : NULL;
}

#else

sha256_blocks *sha256_blocks_native(void)
{
	return NULL;
}

#endif
