/* SHA-256 against the examples of FIPS 180-4, in pieces of every size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"

static const struct {
	const char *text, *hash;
} cases[] = {
	{"",
	 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc",
	 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
	 "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	 "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
};

static void known_texts_have_their_hash(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = strlen(cases[i].text);

		for (size_t step = 1; step <= n + 1; step++) {
			char out[SHA256_HEX + 1];
			struct sha256 h;

			sha256_init(&h);
			for (size_t at = 0; at < n; at += step)
				sha256_add(&h, cases[i].text + at,
					   n - at < step ? n - at : step);
			assert_int_equal(h.size, n);
			sha256_hex(&h, out);
			assert_string_equal(out, cases[i].hash);
		}
	}
}

static void a_million_letters(void **state)
{
	char block[1000], out[SHA256_HEX + 1];
	struct sha256 h;

	(void)state;
	memset(block, 'a', sizeof(block));
	sha256_init(&h);
	for (int i = 0; i < 1000; i++)
		sha256_add(&h, block, sizeof(block));
	sha256_hex(&h, out);
	assert_string_equal(out,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200"
			    "e046d39ccc7112cd0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_texts_have_their_hash),
		cmocka_unit_test(a_million_letters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
