#include "../cmocka_all.h"

#include "base/url.h"

static const struct {
    const char *typed, *normal;
} urls[] = {
    {"https://Example.ORG", "https://example.org/"},
    {"HTTPS://example.org/A/b", "https://example.org/A/b"},
    {"  http://example.org/x\r\n", "http://example.org/x"},
    {"http://example.org:80/", "http://example.org/"},
    {"https://example.org:443", "https://example.org/"},
    {"https://example.org:0443/", "https://example.org/"},
    {"https://example.org:/", "https://example.org/"},
    {"http://example.org:443/", "http://example.org:443/"},
    {"https://example.org:8443/a", "https://example.org:8443/a"},
    {"https://example.org./a", "https://example.org/a"},
    {"https://example.org..:443/a", "https://example.org/a"},
    {"https://user:secret@example.org/", "https://example.org/"},
    {"https://a@b@example.org/", "https://example.org/"},
    {"https://example.org/a#part", "https://example.org/a"},
    {"https://example.org#part", "https://example.org/"},
    {"https://example.org?x=1", "https://example.org/?x=1"},
    {"https://example.org/?", "https://example.org/"},
    {"https://example.org/%7euser/%41%2f%c3%bc", "https://example.org/~user/A%2F%C3%BC"},
    {"https://example.org/\xc3\xbc", "https://example.org/%C3%BC"},
    {"https://example.org/100%", "https://example.org/100%25"},
    {"https://example.org/%2541", "https://example.org/%2541"},
    {"https://example.org/%%34%31", "https://example.org/%2541"},
    {"https://%65xample.org/", "https://example.org/"},
    {"https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"},
    {"https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"},
    {"https://example.org/v?id=1&utm_source=x&utm_medium=y", "https://example.org/v?id=1"},
    {"https://example.org/v?fbclid=abc&id=1", "https://example.org/v?id=1"},
    {"https://example.org/v?fbclid=abc", "https://example.org/v"},
    {"https://example.org/v?%75tm_source=x", "https://example.org/v"},
    {"https://example.org/v?a=1&gclid=b&c=2", "https://example.org/v?a=1&c=2"},
    {"https://example.org/v?utm=1&fbclids=2&xutm_a=3",
     "https://example.org/v?utm=1&fbclids=2&xutm_a=3"},
    {"https://example.org/v?id=1&id=0", "https://example.org/v?id=1&id=0"},
    {"https://example.org/a?b?c", "https://example.org/a?b?c"},
};

static const char *const others[] = {
    "@account",
    "example.org/a",
    "ftp://example.org/",
    "https://",
    "https:///a",
    "http://:80/",
    "https://a:b:1/",
    "https://a:x/",
    "https://a:65536/",
    "https://[::1/",
    "https://[::1]x/",
    "https://a b/",
    "http:/example.org",
    "https://./",
    "http",
    "",
    "https://user@/",
    "Sp\xc3\xa4t am Abend",
};

static void one_address_has_one_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char out[512];
        assert_true(URL_ROOM(strlen(urls[i].typed)) <= sizeof out);
        if (!url_normalise(urls[i].typed, strlen(urls[i].typed), out))
            fail_msg("%s is no URL", urls[i].typed);
        assert_string_equal(out, urls[i].normal);
    }
}

static void what_is_no_url_is_trimmed_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char out[128], padded[128] = " \t";
        strcat(strcat(padded, others[i]), "\n ");
        if (url_normalise(padded, strlen(padded), out))
            fail_msg("%s is a URL", others[i]);
        assert_string_equal(out, others[i]);
    }
}

static void normalising_twice_is_normalising_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char out[512];
        assert_true(url_normalise(urls[i].normal, strlen(urls[i].normal), out));
        assert_string_equal(out, urls[i].normal);
    }
}

static void the_host_is_found(void **state)
{
    size_t n = 0;
    (void)state;
    assert_memory_equal(url_host("https://example.org/a", &n), "example.org", 11);
    assert_int_equal(n, 11);
    assert_memory_equal(url_host("https://[2001:db8::1]:8443/a", &n), "[2001:db8::1]", 13);
    assert_int_equal(n, 13);
    (void)url_host("@account", &n);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_has_one_spelling),
        cmocka_unit_test(what_is_no_url_is_trimmed_alone),
        cmocka_unit_test(normalising_twice_is_normalising_once),
        cmocka_unit_test(the_host_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
