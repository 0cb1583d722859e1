FROM busybox
RUN echo building > /made
CMD ["cat", "/made"]
