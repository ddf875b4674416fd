/* OpenSSL fails here only when it has no memory left. */
#include "base/sha256.h"

#include <openssl/evp.h>

#include "base/mem.h"

void sha256_init(struct sha256 *h)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (!context || !EVP_DigestInit_ex(context, EVP_sha256(), NULL))
		mem_abort();
	h->context = context;
	h->size = 0;
}

void sha256_add(struct sha256 *h, const void *data, size_t n)
{
	if (!EVP_DigestUpdate(h->context, data, n))
		mem_abort();
	h->size += n;
}

void sha256_hex(struct sha256 *h, char out[SHA256_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int n;

	if (!EVP_DigestFinal_ex(h->context, hash, &n))
		mem_abort();
	for (unsigned int i = 0; i < n; i++) {
		*out++ = digits[hash[i] >> 4];
		*out++ = digits[hash[i] & 15];
	}
	*out = '\0';
	sha256_free(h);
}

void sha256_free(struct sha256 *h)
{
	EVP_MD_CTX_free(h->context);
	h->context = NULL;
}
