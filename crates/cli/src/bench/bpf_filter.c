/* Nanoseconds that libpcap's bpf_filter takes for a packet, filters tried in turn until one accepts.
 * bpf_filter CAPTURE EXPRESSIONS ROUNDS: compiled and run by `exo bench --filters`. */
#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PACKETS_MAX 4096
#define FILTERS_MAX 4096

static unsigned char packets[PACKETS_MAX][256];
static unsigned lengths[PACKETS_MAX];
static struct bpf_program programs[FILTERS_MAX];

static double now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int count, char **words)
{
	char error[PCAP_ERRBUF_SIZE], line[4096];
	unsigned packet_count = 0, filter_count = 0;
	if (count != 4)
		return 2;
	pcap_t *capture = pcap_open_offline(words[1], error);
	FILE *expressions = fopen(words[2], "r");
	if (!capture || !expressions)
		return 2;
	struct pcap_pkthdr *head;
	const unsigned char *bytes;
	while (packet_count < PACKETS_MAX && pcap_next_ex(capture, &head, &bytes) == 1 && head->caplen <= 256) {
		memcpy(packets[packet_count], bytes, head->caplen);
		lengths[packet_count++] = head->caplen;
	}
	while (filter_count < FILTERS_MAX && fgets(line, sizeof line, expressions)) {
		line[strcspn(line, "\n")] = 0;
		if (pcap_compile(capture, &programs[filter_count++], line, 1, PCAP_NETMASK_UNKNOWN) != 0)
			return 3;
	}
	double best = 1e18;
	unsigned long sum = 0;
	unsigned passes = 400000 / (packet_count * filter_count) + 1;
	for (int round = 0; round < atoi(words[3]); round++) {
		double start = now_ns();
		for (unsigned pass = 0; pass < passes; pass++) {
			for (unsigned packet = 0; packet < packet_count; packet++) {
				unsigned filter = 0;
				while (filter < filter_count && !bpf_filter(programs[filter].bf_insns, packets[packet], lengths[packet], lengths[packet]))
					filter++;
				if (filter == filter_count)
					return 4;
				sum += filter;
			}
		}
		double took = (now_ns() - start) / ((double)passes * packet_count);
		if (took < best)
			best = took;
	}
	printf("%.3f %lu\n", best, sum);
	return 0;
}
