export const startSeat = () => ({ run() {} });
